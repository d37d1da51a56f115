/// Whether an element is not a number.
public struct IsNaN: UnaryPrimitive {
  /// The name in saved graphs.
  public static let name = "is_nan"
  /// What it computes.
  public static let summary = "whether x is NaN"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// None.
  public static let differentiability = Differentiability.none(
    reason: "its derivative is zero or undefined")

  /// The one value.
  public init() {}

  /// Truth values.
  public func resultDType(_ operand: DType) -> DType { .bool }
}

/// Whether an element is ∞ or −∞.
public struct IsInfinite: UnaryPrimitive {
  /// The name in saved graphs.
  public static let name = "is_inf"
  /// What it computes.
  public static let summary = "whether x is ∞ or −∞"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// None.
  public static let differentiability = Differentiability.none(
    reason: "its derivative is zero or undefined")

  /// The one value.
  public init() {}

  /// Truth values.
  public func resultDType(_ operand: DType) -> DType { .bool }
}

/// Whether an element is neither infinite nor NaN.
public struct IsFinite: UnaryPrimitive {
  /// The name in saved graphs.
  public static let name = "is_finite"
  /// What it computes.
  public static let summary = "whether x is neither infinite nor NaN"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// None.
  public static let differentiability = Differentiability.none(
    reason: "its derivative is zero or undefined")

  /// The one value.
  public init() {}

  /// Truth values.
  public func resultDType(_ operand: DType) -> DType { .bool }
}

extension Tensor {
  /// Whether each element is NaN.
  ///
  /// Any shape, floating point; the result has the same shape and is `bool`.
  public func isNaN() throws -> Tensor { try IsNaN()(self) }

  /// Whether each element is ∞ or −∞.
  ///
  /// Any shape, floating point; the result has the same shape and is `bool`.
  public func isInfinite() throws -> Tensor { try IsInfinite()(self) }

  /// Whether each element is neither infinite nor NaN.
  ///
  /// Any shape, floating point; the result has the same shape and is `bool`.
  public func isFinite() throws -> Tensor { try IsFinite()(self) }
}
