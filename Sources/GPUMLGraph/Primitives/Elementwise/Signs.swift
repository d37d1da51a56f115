/// The negative, element by element; integers wrap around.
public struct Negate: UnaryPrimitive {
  /// The name in saved graphs.
  public static let name = "negate"
  /// What it computes.
  public static let summary = "−x"
  /// What the first operand may be.
  public static let dtypes = DType.numeric
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// The one value.
  public init() {}

  /// The vector-Jacobian product.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    return [try -gradient]
  }
}

/// The absolute value, element by element; the least of a signed type wraps around to itself.
public struct AbsoluteValue: UnaryPrimitive {
  /// The name in saved graphs.
  public static let name = "abs"
  /// What it computes.
  public static let summary = "the magnitude of x"
  /// What the first operand may be.
  public static let dtypes = DType.numeric
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// The one value.
  public init() {}

  /// The vector-Jacobian product.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    // The sign of 0 is 0: of the two slopes there the one between.
    return [try gradient * step.inputs[0].sign()]
  }
}

/// −1, 0 or 1 by the sign, element by element; NaN stays NaN.
public struct Sign: UnaryPrimitive {
  /// The name in saved graphs.
  public static let name = "sign"
  /// What it computes.
  public static let summary = "−1, 0 or 1; NaN stays NaN"
  /// What the first operand may be.
  public static let dtypes = DType.numeric
  /// The gradient is zero.
  public static let differentiability = Differentiability.zero

  /// The one value.
  public init() {}
}

extension Tensor {
  /// The negative; integers wrap around.
  ///
  /// Any shape, any type but `bool`; the result has the same shape and type.
  public static prefix func - (operand: Tensor) throws -> Tensor { try Negate()(operand) }

  /// The absolute value; its gradient at 0 is 0, and the least of a signed type stays as it is.
  ///
  /// Any shape, any type but `bool`; the result has the same shape and type.
  public func abs() throws -> Tensor { try AbsoluteValue()(self) }

  /// −1, 0 or 1; NaN stays NaN. Its gradient is zero.
  ///
  /// Any shape, any type but `bool`; the result has the same shape and type.
  public func sign() throws -> Tensor { try Sign()(self) }
}
