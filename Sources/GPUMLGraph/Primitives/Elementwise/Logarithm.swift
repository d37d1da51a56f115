/// The natural logarithm, element by element; −∞ at 0, NaN below.
public struct Logarithm: UnaryPrimitive {
  /// The name in saved graphs.
  public static let name = "log"
  /// What it computes.
  public static let summary = "ln x"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// The one value.
  public init() {}

  /// The vector-Jacobian product.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    return [try gradient / step.inputs[0]]
  }
}

extension Tensor {
  /// The natural logarithm.
  ///
  /// Any shape, floating point; the result has the same shape and type.
  public func log() throws -> Tensor { try Logarithm()(self) }
}
