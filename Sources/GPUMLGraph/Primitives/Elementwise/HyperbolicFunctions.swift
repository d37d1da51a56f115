/// The hyperbolic sine, element by element.
public struct HyperbolicSine: UnaryPrimitive {
  /// The name in saved graphs.
  public static let name = "sinh"
  /// What it computes.
  public static let summary = "sinh x"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// The one value.
  public init() {}

  /// The vector-Jacobian product.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    return [try gradient * step.inputs[0].cosh()]
  }
}

/// The hyperbolic cosine, element by element.
public struct HyperbolicCosine: UnaryPrimitive {
  /// The name in saved graphs.
  public static let name = "cosh"
  /// What it computes.
  public static let summary = "cosh x"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// The one value.
  public init() {}

  /// The vector-Jacobian product.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    return [try gradient * step.inputs[0].sinh()]
  }
}

extension Tensor {
  /// The hyperbolic sine.
  ///
  /// Any shape, floating point; the result has the same shape and type.
  public func sinh() throws -> Tensor { try HyperbolicSine()(self) }

  /// The hyperbolic cosine.
  ///
  /// Any shape, floating point; the result has the same shape and type.
  public func cosh() throws -> Tensor { try HyperbolicCosine()(self) }
}
