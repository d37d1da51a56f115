/// The hyperbolic tangent, element by element.
public struct HyperbolicTangent: UnaryPrimitive {
  /// The name in saved graphs.
  public static let name = "tanh"
  /// What it computes.
  public static let summary = "tanh x"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// The one value.
  public init() {}

  /// The vector-Jacobian product.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    let y = step.outputs[0]
    return [try gradient * (1 - y * y)]
  }
}

extension Tensor {
  /// The hyperbolic tangent.
  ///
  /// Any shape, floating point; the result has the same shape and type.
  public func tanh() throws -> Tensor { try HyperbolicTangent()(self) }
}
