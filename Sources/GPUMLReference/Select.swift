import GPUMLGraph

extension Select: ReferenceEvaluable {
  /// The second where the first is true, else the third.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let type = outputTypes[0]
    let operands = inputs.map { $0.broadcast(to: type.shape) }
    let values = operands[0].indices.map { operands[operands[0][$0] != 0 ? 1 : 2][$0] }
    return [ReferenceTensor(shape: type.shape, dtype: type.dtype, values: values)]
  }
}
