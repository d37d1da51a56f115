/// The bits that both have, element by element, with broadcasting; of truth values, whether both
/// hold.
public struct BitwiseAnd: BinaryPrimitive {
  /// The name in saved graphs.
  public static let name = "bitwise_and"
  /// What it computes.
  public static let summary = "the bits that a and b have; a and b"
  /// What the first operand may be.
  public static let dtypes = DType.integers + [.bool]
  /// None.
  public static let differentiability = Differentiability.none(reason: "it takes no real numbers")

  /// The one value.
  public init() {}
}

/// The bits that either has, element by element, with broadcasting; of truth values, whether one
/// holds.
public struct BitwiseOr: BinaryPrimitive {
  /// The name in saved graphs.
  public static let name = "bitwise_or"
  /// What it computes.
  public static let summary = "the bits that a or b has; a or b"
  /// What the first operand may be.
  public static let dtypes = DType.integers + [.bool]
  /// None.
  public static let differentiability = Differentiability.none(reason: "it takes no real numbers")

  /// The one value.
  public init() {}
}

/// The bits that one has, element by element, with broadcasting; of truth values, whether they
/// differ.
public struct BitwiseXor: BinaryPrimitive {
  /// The name in saved graphs.
  public static let name = "bitwise_xor"
  /// What it computes.
  public static let summary = "the bits that one of a and b has; either a or b"
  /// What the first operand may be.
  public static let dtypes = DType.integers + [.bool]
  /// None.
  public static let differentiability = Differentiability.none(reason: "it takes no real numbers")

  /// The one value.
  public init() {}
}

/// The bits inverted, element by element; of truth values, the opposite.
public struct BitwiseNot: UnaryPrimitive {
  /// The name in saved graphs.
  public static let name = "bitwise_not"
  /// What it computes.
  public static let summary = "the bits of x inverted; not x"
  /// What the first operand may be.
  public static let dtypes = DType.integers + [.bool]
  /// None.
  public static let differentiability = Differentiability.none(reason: "it takes no real numbers")

  /// The one value.
  public init() {}
}
