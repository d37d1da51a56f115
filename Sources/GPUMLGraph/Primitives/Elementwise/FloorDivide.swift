/// The quotient rounded down, element by element, with broadcasting.
///
/// Integers give 0 for a divisor of 0, and wrap around; floating-point numbers give what a / b
/// gives there. With `Remainder`: a = b · floor(a/b) + remainder.
public struct FloorDivide: BinaryPrimitive {
  /// The name in saved graphs.
  public static let name = "floor_divide"
  /// What it computes.
  public static let summary = "a / b rounded down; integers give 0 for a divisor of 0"
  /// What the first operand may be.
  public static let dtypes = DType.numeric
  /// The gradient is zero.
  public static let differentiability = Differentiability.zero

  /// The one value.
  public init() {}
}
