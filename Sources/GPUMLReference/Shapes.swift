import GPUMLGraph

extension Reshape: ReferenceEvaluable {
  /// The same elements.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let type = outputTypes[0]
    return [ReferenceTensor(shape: type.shape, dtype: type.dtype, values: inputs[0].values)]
  }
}

extension Transpose: ReferenceEvaluable {
  /// The elements with the axes in another order.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let type = outputTypes[0]
    let values = inputs[0].permuted(permutation)
    return [ReferenceTensor(shape: type.shape, dtype: type.dtype, values: values)]
  }
}

extension Expand: ReferenceEvaluable {
  /// The elements repeated.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let type = outputTypes[0]
    let values = inputs[0].broadcast(to: type.shape)
    return [ReferenceTensor(shape: type.shape, dtype: type.dtype, values: values)]
  }
}
