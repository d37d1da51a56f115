/// The square root, element by element; NaN below 0.
public struct SquareRoot: UnaryPrimitive {
  /// The name in saved graphs.
  public static let name = "sqrt"
  /// What it computes.
  public static let summary = "√x"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// The one value.
  public init() {}

  /// The vector-Jacobian product.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    return [try gradient / (step.outputs[0] * 2)]
  }
}

extension Tensor {
  /// The square root.
  ///
  /// Any shape, floating point; the result has the same shape and type.
  public func squareRoot() throws -> Tensor { try SquareRoot()(self) }
}
