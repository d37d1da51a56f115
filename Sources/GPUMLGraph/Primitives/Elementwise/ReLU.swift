/// The rectifier max(x, 0), element by element; NaN stays NaN.
public struct ReLU: UnaryPrimitive {
  /// The name in saved graphs.
  public static let name = "relu"
  /// What it computes.
  public static let summary = "max(x, 0); NaN stays NaN"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// The one value.
  public init() {}

  /// The vector-Jacobian product.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    // Written as y ≤ 0 ? 0 : g so that a NaN lets the gradient through, not a silent 0; y tells as
    // much as x, which then need not be kept.
    let blocked = try step.outputs[0].isAtMost(0)
    return [try gradient.masked(where: blocked, by: 0)]
  }
}

extension Tensor {
  /// The rectifier max(x, 0); NaN stays NaN.
  ///
  /// Any shape, floating point; the result has the same shape and type.
  /// - SeeAlso: Nair and Hinton 2010.
  public func relu() throws -> Tensor { try ReLU()(self) }
}
