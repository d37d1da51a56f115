/// An elementwise primitive with one floating-point operand and attributes.
public protocol ParameterizedActivation: ElementwisePrimitive {}

extension ParameterizedActivation {
  /// Shape and element type of the operand.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(1, inputs)
    try expectFloating(inputs[0])
    return inputs
  }
}
