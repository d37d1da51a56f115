/// The largest whole number that is not greater, element by element.
public struct Floor: UnaryPrimitive {
  /// The name in saved graphs.
  public static let name = "floor"
  /// What it computes.
  public static let summary = "the largest whole number ≤ x"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// The gradient is zero.
  public static let differentiability = Differentiability.zero

  /// The one value.
  public init() {}
}

/// The smallest whole number that is not less, element by element.
public struct Ceiling: UnaryPrimitive {
  /// The name in saved graphs.
  public static let name = "ceil"
  /// What it computes.
  public static let summary = "the smallest whole number ≥ x"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// The gradient is zero.
  public static let differentiability = Differentiability.zero

  /// The one value.
  public init() {}
}

/// The nearest whole number, element by element; of two equally near, the even one.
public struct Round: UnaryPrimitive {
  /// The name in saved graphs.
  public static let name = "round"
  /// What it computes.
  public static let summary = "the nearest whole number; halves go to the even one"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// The gradient is zero.
  public static let differentiability = Differentiability.zero

  /// The one value.
  public init() {}
}

extension Tensor {
  /// The largest whole number that is not greater; its gradient is zero.
  ///
  /// Any shape, floating point; the result has the same shape and type.
  public func floor() throws -> Tensor { try Floor()(self) }

  /// The smallest whole number that is not less; its gradient is zero.
  ///
  /// Any shape, floating point; the result has the same shape and type.
  public func ceil() throws -> Tensor { try Ceiling()(self) }

  /// The nearest whole number, of two equally near the even one; its gradient is zero.
  ///
  /// Any shape, floating point; the result has the same shape and type.
  public func round() throws -> Tensor { try Round()(self) }
}
