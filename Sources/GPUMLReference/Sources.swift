import GPUMLGraph

extension Input: ReferenceEvaluable {
  /// The value that was given to the run.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) throws -> [ReferenceTensor] {
    guard let value = state.sources.inputs[label] else {
      throw GraphError.invalidValue(operation: "input '\(label)'", reason: "is not given")
    }
    guard value.dtype == type.dtype else {
      throw GraphError.invalidValue(
        operation: "input '\(label)'", reason: "is \(value.dtype), not \(type.dtype)")
    }
    return [value]
  }
}

extension ReadVariable: ReferenceEvaluable {
  /// The value that was given to the run.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) throws -> [ReferenceTensor] {
    guard let value = state.sources.variables[ObjectIdentifier(identity)] else {
      throw GraphError.invalidValue(
        operation: name, reason: "a variable \(outputTypes[0].shape) has no value")
    }
    return [value]
  }
}

extension Constant: ReferenceEvaluable {
  /// The value itself.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] { [ReferenceTensor(value)] }
}

extension SizeOf: ReferenceEvaluable {
  /// The product of the sizes.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) throws -> [ReferenceTensor] {
    let size = try sizes.elementCount.value(state.sources.symbols)
    return [ReferenceTensor(shape: [], dtype: dtype, values: [dtype.cast(Double(size))])]
  }
}
