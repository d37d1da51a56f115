/// Whether the first is less than the second, element by element, with broadcasting.
public struct LessThan: BinaryPrimitive {
  /// The name in saved graphs.
  public static let name = "less"
  /// None.
  public static let differentiability = Differentiability.none(
    reason: "its derivative is zero or undefined")

  /// The one value.
  public init() {}

  /// Truth values.
  public func resultDType(_ operand: DType) -> DType { .bool }
}
