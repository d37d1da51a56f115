/// The quotient, element by element, with broadcasting; integers truncate, and give 0 for a
/// divisor of 0.
public struct Divide: BinaryPrimitive {
  /// The name in saved graphs.
  public static let name = "divide"
  /// What it computes.
  public static let summary = "a / b; integers truncate toward zero, and give 0 for a divisor of 0"
  /// What the first operand may be.
  public static let dtypes = DType.numeric
  /// Gradients flow to both operands.
  public static let differentiability = Differentiability.differentiable

  /// The one value.
  public init() {}

  /// The vector-Jacobian product.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil, nil] }
    let (left, right) = (step.inputs[0], step.inputs[1])
    return [
      try (gradient / right).summed(to: left.shape),
      try (gradient * step.outputs[0] / right * -1).summed(to: right.shape),
    ]
  }
}
