/// The exponential function less 1, element by element; exact near 0, where eˣ − 1 would cancel.
public struct ExponentialMinusOne: UnaryPrimitive {
  /// The name in saved graphs.
  public static let name = "expm1"
  /// What it computes.
  public static let summary = "eˣ − 1"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// The one value.
  public init() {}

  /// The vector-Jacobian product.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    // Not y + 1, which cancels where eˣ is small.
    return [try gradient * step.inputs[0].exp()]
  }
}

extension Tensor {
  /// eˣ − 1, exact near 0.
  ///
  /// Any shape, floating point; the result has the same shape and type.
  public func expm1() throws -> Tensor { try ExponentialMinusOne()(self) }
}
