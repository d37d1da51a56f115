import GPUMLGraph

/// A primitive that turns each line along an axis into another one.
package protocol ReferenceLines: SoftmaxPrimitive, ReferenceEvaluable {
  /// The meaning for one line.
  static func line(_ values: [Double]) -> [Double]
}

extension ReferenceLines {
  /// Line by line.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let axis = axis(rank: inputs[0].shape.count)
    let lines = inputs[0].groups(along: [axis]).map(Self.line)
    return [ReferenceTensor(lines: lines, along: axis, of: inputs[0])]
  }
}

extension Softmax: ReferenceLines {
  /// The maximum subtracted first.
  package static func line(_ values: [Double]) -> [Double] { softmax(values) }
}

extension LogSoftmax: ReferenceLines {
  /// The maximum subtracted first.
  package static func line(_ values: [Double]) -> [Double] { logSoftmax(values) }
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

extension ReferenceTensor {
  /// The lines that `groups(along:)` took out of a tensor, put back in their places.
  init(lines: [[Double]], along axis: Int, of tensor: ReferenceTensor) {
    let shape = tensor.shape
    let last = shape.count - 1
    let grouped = ReferenceTensor(
      shape: shape.indices.filter { $0 != axis }.map { shape[$0] } + [shape[axis]],
      dtype: tensor.dtype, values: lines.flatMap { $0 })
    let places = shape.indices.map { $0 == axis ? last : $0 < axis ? $0 : $0 - 1 }
    self.init(shape: shape, dtype: tensor.dtype, values: grouped.permuted(places))
  }
}

/// eˣ divided by its sum.
func softmax(_ row: [Double]) -> [Double] {
  let largest = row.reduce(-.infinity, larger)
  let powers = row.map { Double.exponential($0 - largest) }
  let sum = powers.reduce(0, +)
  return powers.map { $0 / sum }
}

/// x − ln Σ eˣ.
func logSoftmax(_ row: [Double]) -> [Double] {
  let largest = row.reduce(-.infinity, larger)
  let sum = row.reduce(0) { $0 + Double.exponential($1 - largest) }
  return row.map { ($0 - largest) - logarithm(sum) }
}
