/// The sum, element by element, with broadcasting; integers wrap around.
public struct Add: BinaryPrimitive {
  /// The name in saved graphs.
  public static let name = "add"
  /// What it computes.
  public static let summary = "a + b"
  /// What the first operand may be.
  public static let dtypes = DType.numeric
  /// Gradients flow to both operands.
  public static let differentiability = Differentiability.differentiable

  /// The one value.
  public init() {}

  /// The vector-Jacobian product.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil, nil] }
    return [
      try gradient.summed(to: step.inputs[0].shape), try gradient.summed(to: step.inputs[1].shape),
    ]
  }
}
