/// The exponential function, element by element.
public struct Exponential: UnaryPrimitive {
  /// The name in saved graphs.
  public static let name = "exp"
  /// What it computes.
  public static let summary = "eˣ"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// The one value.
  public init() {}

  /// The vector-Jacobian product.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    return [try gradient * step.outputs[0]]
  }
}

extension Tensor {
  /// eˣ.
  ///
  /// Any shape, floating point; the result has the same shape and type.
  public func exp() throws -> Tensor { try Exponential()(self) }
}
