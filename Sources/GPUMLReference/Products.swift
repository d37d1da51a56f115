import GPUMLGraph

extension MatMul: ReferenceEvaluable {
  /// Each element a sum in the order of the inner axis.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let type = outputTypes[0]
    let (rows, columns) = (type.shape[0], type.shape[1])
    // Both operands with the inner axis last, so that sums run over neighbours.
    let left = transposesLeft ? inputs[0].permuted([1, 0]) : inputs[0].values
    let right = transposesRight ? inputs[1].values : inputs[1].permuted([1, 0])
    let inner = inputs[0].shape[transposesLeft ? 0 : 1]
    var values: [Double] = []
    values.reserveCapacity(rows * columns)
    for row in 0..<rows {
      for column in 0..<columns {
        var sum = 0.0
        for place in 0..<inner {
          sum += left[row * inner + place] * right[column * inner + place]
        }
        values.append(sum)
      }
    }
    return [ReferenceTensor(shape: type.shape, dtype: type.dtype, values: values)]
  }
}
