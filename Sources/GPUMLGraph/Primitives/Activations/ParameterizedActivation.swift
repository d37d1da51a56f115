/// An elementwise primitive with one floating-point operand and attributes.
public protocol ParameterizedActivation: ElementwisePrimitive {}

extension ParameterizedActivation {
  /// Shape and element type of the operand.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(1, inputs)
    try expectFloating(inputs[0])
    return inputs
  }

  /// A number that must be finite, and positive where that is asked for.
  ///
  /// - Throws: `GraphError.invalidValue` naming the primitive and the number.
  package static func checked(
    _ value: Double, _ label: String, isPositive: Bool = false
  ) throws -> Double {
    // Kernels hold it as float32, where a tiny number would be 0.
    guard Float(value).isFinite, !isPositive || Float(value) > 0 else {
      throw GraphError.invalidValue(
        operation: name,
        reason: "\(label) must be \(isPositive ? "positive and finite" : "finite"), not \(value)")
    }
    return value
  }
}
