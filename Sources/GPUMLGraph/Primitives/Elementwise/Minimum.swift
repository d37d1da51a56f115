/// The smaller of two numbers, element by element, with broadcasting; NaN if either is NaN.
public struct Minimum: BinaryPrimitive {
  /// The name in saved graphs.
  public static let name = "minimum"
  /// What it computes.
  public static let summary = "the smaller of a and b; NaN if either is NaN"
  /// What the first operand may be.
  public static let dtypes = DType.numeric
  /// Gradients flow to both operands.
  public static let differentiability = Differentiability.differentiable

  /// The one value.
  public init() {}

  /// The vector-Jacobian product.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil, nil] }
    // Where both are equal the gradient goes to the first.
    let (left, right) = (step.inputs[0], step.inputs[1])
    let isRight = try right.isLess(left)
    return [
      try gradient.masked(where: isRight, by: 0).summed(to: left.shape),
      try Select()(isRight, gradient, gradient.filled(with: 0)).summed(to: right.shape),
    ]
  }
}
