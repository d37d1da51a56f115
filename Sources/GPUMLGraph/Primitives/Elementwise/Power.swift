/// A power, element by element, with broadcasting.
///
/// A floating-point base below 0 gives NaN unless the exponent is whole; x⁰ is 1 for every x.
/// Integers wrap around, and a negative exponent gives 1/aᵇ truncated toward zero: 0, or ±1 for
/// a base of ±1.
public struct Power: BinaryPrimitive {
  /// The name in saved graphs.
  public static let name = "power"
  /// What it computes.
  public static let summary = "aᵇ; of integers with a negative exponent, truncated toward zero"
  /// What the first operand may be.
  public static let dtypes = DType.numeric
  /// Gradients flow to both operands.
  public static let differentiability = Differentiability.differentiable

  /// The one value.
  public init() {}

  /// The vector-Jacobian product.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil, nil] }
    let (base, exponent) = (step.inputs[0], step.inputs[1])
    // b·aᵇ⁻¹, but 0 for b = 0 even where a⁻¹ is infinite.
    let slope = try (exponent * base.power(exponent - 1)).masked(where: exponent.isEqual(0), by: 0)
    // aᵇ·ln a; for a ≤ 0 the power does not exist beside a whole b, and 0 hurts nobody.
    let growth = try (step.outputs[0] * base.log()).masked(where: base.isAtMost(0), by: 0)
    return [
      try (gradient * slope).summed(to: base.shape),
      try (gradient * growth).summed(to: exponent.shape),
    ]
  }
}
