/// The places of keys in ascending order; equal keys keep their order.
///
/// Keys `[n]` in `uint32` give `[n]` in `int32`: element 0 is where the smallest key stands.
public struct KeyOrder: Primitive {
  /// The name in saved graphs.
  public static let name = "key_order"
  /// What it computes.
  public static let summary = "the places of unsigned keys in ascending order, stable"
  /// What the first operand may be.
  public static let dtypes: [DType] = [.uint32]
  /// None.
  public static let differentiability = Differentiability.none(reason: "the result is an index")

  /// The one value.
  public init() {}
  /// The one value.
  public init(_ attributes: Attributes) throws {}
  /// None.
  public var attributes: Attributes { Attributes() }

  /// The keys' shape in `int32`.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(1, inputs)
    try expectDType(inputs[0])
    guard inputs[0].shape.count == 1 else { throw mismatch(inputs, "takes keys of one axis") }
    return [TensorType(inputs[0].shape, .int32)]
  }
}
