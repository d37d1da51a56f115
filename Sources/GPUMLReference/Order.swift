import GPUMLGraph

extension KeyOrder: ReferenceEvaluable {
  /// Sorted by key and place.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let keys = inputs[0].values
    let order = keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
    let type = outputTypes[0]
    return [ReferenceTensor(shape: type.shape, dtype: type.dtype, values: order.map(Double.init))]
  }
}
