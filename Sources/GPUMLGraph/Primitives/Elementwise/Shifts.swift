/// The bits moved up, element by element, with broadcasting; 0 for a count below 0 or beyond the
/// width.
public struct ShiftLeft: BinaryPrimitive {
  /// The name in saved graphs.
  public static let name = "shift_left"
  /// What it computes.
  public static let summary = "a · 2ᵇ, wrapped around"
  /// What the first operand may be.
  public static let dtypes = DType.integers
  /// None.
  public static let differentiability = Differentiability.none(reason: "it takes no real numbers")

  /// The one value.
  public init() {}
}

/// The bits moved down, element by element, with broadcasting; signed numbers keep their sign.
///
/// A count below 0 or beyond the width leaves nothing but the sign: 0 or −1.
public struct ShiftRight: BinaryPrimitive {
  /// The name in saved graphs.
  public static let name = "shift_right"
  /// What it computes.
  public static let summary = "a / 2ᵇ rounded down"
  /// What the first operand may be.
  public static let dtypes = DType.integers
  /// None.
  public static let differentiability = Differentiability.none(reason: "it takes no real numbers")

  /// The one value.
  public init() {}
}
