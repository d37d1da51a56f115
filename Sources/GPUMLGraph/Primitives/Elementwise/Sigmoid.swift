/// The logistic function 1/(1+e⁻ˣ), element by element.
public struct Sigmoid: UnaryPrimitive {
  /// The name in saved graphs.
  public static let name = "sigmoid"
  /// What it computes.
  public static let summary = "1/(1 + e⁻ˣ)"
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
    return [try gradient * (y * (1 - y))]
  }
}

extension Tensor {
  /// The logistic function 1/(1+e⁻ˣ).
  ///
  /// Any shape, floating point; the result has the same shape and type.
  public func sigmoid() throws -> Tensor { try Sigmoid()(self) }
}
