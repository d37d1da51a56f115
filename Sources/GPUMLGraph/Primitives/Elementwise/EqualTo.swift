/// Whether both are equal, element by element, with broadcasting; NaN equals nothing.
public struct EqualTo: BinaryPrimitive {
  /// The name in saved graphs.
  public static let name = "equal"
  /// What it computes.
  public static let summary = "whether a = b"
  /// What the first operand may be.
  public static let dtypes = DType.allCases
  /// None.
  public static let differentiability = Differentiability.none(
    reason: "its derivative is zero or undefined")

  /// The one value.
  public init() {}

  /// Truth values.
  public func resultDType(_ operand: DType) -> DType { .bool }
}
