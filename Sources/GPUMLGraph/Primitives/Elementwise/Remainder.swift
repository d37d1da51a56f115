/// What the quotient rounded down leaves, element by element, with broadcasting.
///
/// It has the sign of the divisor, as in Python. Integers give 0 for a divisor of 0,
/// floating-point numbers NaN.
public struct Remainder: BinaryPrimitive {
  /// The name in saved graphs.
  public static let name = "remainder"
  /// What it computes.
  public static let summary =
    "a − b · floor(a/b), with the sign of b; integers give 0 for a divisor of 0"
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
    let quotient = try left.floorDivide(right)
    return [
      try gradient.summed(to: left.shape), try (-(gradient * quotient)).summed(to: right.shape),
    ]
  }
}
