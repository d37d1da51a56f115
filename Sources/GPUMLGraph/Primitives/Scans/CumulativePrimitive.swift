/// A primitive that joins each element with all before it along one axis.
public protocol CumulativePrimitive: Primitive {
  /// The axis along which elements are joined.
  var axis: Int { get }
  /// Whether an element is left out of its own result.
  var isExclusive: Bool { get }
  /// Whether it goes from the end to the beginning.
  var isReversed: Bool { get }
  /// Joins elements along `axis`.
  init(axis: Int, exclusive: Bool, reversed: Bool)
}

extension CumulativePrimitive {
  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws {
    self.init(
      axis: try attributes.int("axis"), exclusive: try attributes.bool("exclusive"),
      reversed: try attributes.bool("reverse"))
  }

  /// The axis and both flags, named as in ONNX.
  public var attributes: Attributes {
    Attributes([
      "axis": .int(axis), "exclusive": .bool(isExclusive), "reverse": .bool(isReversed),
    ])
  }

  /// The operand's shape; whole numbers give `int64`.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(1, inputs)
    try expectDType(inputs[0])
    try expectAxis(axis, inputs)
    return [TensorType(inputs[0].shape, inputs[0].dtype.accumulated)]
  }
}

extension Primitive {
  /// Checks that the first operand has an axis.
  package func expectAxis(_ axis: Int, _ inputs: [TensorType]) throws {
    guard axis >= 0, axis < inputs[0].shape.count else {
      throw mismatch(inputs, "there is no axis \(axis)")
    }
  }
}
