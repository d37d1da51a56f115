/// The angle of the point (x, y) in (−π, π], element by element, with broadcasting.
///
/// The first operand is y, the second x.
public struct ArcTangent2: BinaryPrimitive {
  /// The name in saved graphs.
  public static let name = "atan2"
  /// What it computes.
  public static let summary = "the angle of the point (b, a)"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to both operands.
  public static let differentiability = Differentiability.differentiable

  /// The one value.
  public init() {}

  /// The vector-Jacobian product.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil, nil] }
    // With both divided by the larger magnitude, whose square could overflow; 0 at the origin.
    let (y, x) = (step.inputs[0], step.inputs[1])
    let size = try y.abs().maximum(x.abs())
    let isOrigin = try size.isAtMost(0)
    let (a, b) = (try y / size, try x / size)
    let scaled = try gradient / (size * (a * a + b * b))
    return [
      try (scaled * b).masked(where: isOrigin, by: 0).summed(to: y.shape),
      try (-(scaled * a)).masked(where: isOrigin, by: 0).summed(to: x.shape),
    ]
  }
}
