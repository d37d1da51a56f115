/// The logarithm of 1 + x, element by element; exact near 0. −∞ at −1, NaN below.
public struct LogarithmOnePlus: UnaryPrimitive {
  /// The name in saved graphs.
  public static let name = "log1p"
  /// What it computes.
  public static let summary = "ln(1 + x)"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// The one value.
  public init() {}

  /// The vector-Jacobian product.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    return [try gradient / (step.inputs[0] + 1)]
  }
}

extension Tensor {
  /// ln(1 + x), exact near 0.
  ///
  /// Any shape, floating point; the result has the same shape and type.
  public func log1p() throws -> Tensor { try LogarithmOnePlus()(self) }
}
