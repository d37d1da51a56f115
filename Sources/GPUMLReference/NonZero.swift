import GPUMLGraph

/// A primitive that decides a size by the values of its operands.
package protocol ReferenceDecider: DataDependentPrimitive, ReferenceEvaluable {
  /// The size.
  func size(_ inputs: [ReferenceTensor]) -> Int
}

extension NonZero: ReferenceDecider {
  /// How many elements are not 0.
  package func size(_ inputs: [ReferenceTensor]) -> Int { inputs[0].values.count { $0 != 0 } }

  /// The indices of each element that is not 0.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let steps = strides(of: inputs[0].shape)
    var indices: [Double] = []
    for (place, value) in inputs[0].values.enumerated() where value != 0 {
      indices += zip(inputs[0].shape, steps).map { Double(place / $1 % $0) }
    }
    let type = outputTypes[0]
    return [ReferenceTensor(shape: type.shape, dtype: type.dtype, values: indices)]
  }
}

extension CountNonZero: ReferenceEvaluable {
  /// How many elements are not 0.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let count = inputs[0].values.count { $0 != 0 }
    return [ReferenceTensor(shape: [], dtype: outputTypes[0].dtype, values: [Double(count)])]
  }
}
