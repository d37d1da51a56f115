/// The reciprocal, element by element; ∞ with the sign of the operand at 0.
public struct Reciprocal: UnaryPrimitive {
  /// The name in saved graphs.
  public static let name = "reciprocal"
  /// What it computes.
  public static let summary = "1/x"
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
    return [try -(gradient * (y * y))]
  }
}

/// The reciprocal of the square root, element by element; ∞ at 0, NaN below.
public struct ReciprocalSquareRoot: UnaryPrimitive {
  /// The name in saved graphs.
  public static let name = "rsqrt"
  /// What it computes.
  public static let summary = "1/√x"
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
    return [try gradient * (y * y * y * -0.5)]
  }
}

extension Tensor {
  /// 1/x.
  ///
  /// Any shape, floating point; the result has the same shape and type.
  public func reciprocal() throws -> Tensor { try Reciprocal()(self) }

  /// 1/√x.
  ///
  /// Any shape, floating point; the result has the same shape and type.
  public func reciprocalSquareRoot() throws -> Tensor { try ReciprocalSquareRoot()(self) }
}
