import GPUMLGraph

extension Softmax: ReferenceEvaluable {
  /// Row by row, the maximum subtracted first.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let type = outputTypes[0]
    let values = inputs[0].rows.flatMap(softmax)
    return [ReferenceTensor(shape: type.shape, dtype: type.dtype, values: values)]
  }
}

extension SoftmaxCrossEntropy: ReferenceEvaluable {
  /// log Σ exp x − x[label]; NaN for a label out of range.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let type = outputTypes[0]
    let values = zip(inputs[0].rows, inputs[1].values).map { row, label in
      guard label >= 0, label < Double(row.count) else { return Double.nan }
      let largest = row.reduce(-.infinity, larger)
      let sum = row.reduce(0) { $0 + Double.exponential($1 - largest) }
      return (largest - row[Int(label)]) + logarithm(sum)
    }
    return [ReferenceTensor(shape: type.shape, dtype: type.dtype, values: values)]
  }
}

extension SoftmaxCrossEntropyGradient: ReferenceEvaluable {
  /// (softmax − onehot) · g; a row of NaN for a label out of range.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let type = outputTypes[0]
    let values = inputs[0].rows.enumerated().flatMap { place, row in
      let label = inputs[1].values[place]
      let upstream = inputs[2].values[place]
      guard label >= 0, label < Double(row.count) else {
        return [Double](repeating: .nan, count: row.count)
      }
      return softmax(row).enumerated().map { column, probability in
        (probability - (column == Int(label) ? 1 : 0)) * upstream
      }
    }
    return [ReferenceTensor(shape: type.shape, dtype: type.dtype, values: values)]
  }
}

extension ReferenceTensor {
  /// The elements along the last axis, row by row.
  fileprivate var rows: [[Double]] { groups(along: [shape.count - 1]) }
}

private func softmax(_ row: [Double]) -> [Double] {
  let largest = row.reduce(-.infinity, larger)
  let powers = row.map { Double.exponential($0 - largest) }
  let sum = powers.reduce(0, +)
  return powers.map { $0 / sum }
}
