/// A primitive that computes each element of its output from the matching elements of its operands.
///
/// Operands broadcast; chains of such primitives become one kernel.
public protocol ElementwisePrimitive: Primitive {}

/// An elementwise primitive with one operand and no attributes.
public protocol UnaryPrimitive: ElementwisePrimitive {
  /// The one value.
  init()
  /// The element type of the result; by default that of the operand.
  func resultDType(_ operand: DType) -> DType
}

extension UnaryPrimitive {
  /// The one value.
  public init(_ attributes: Attributes) throws { self.init() }
  /// None.
  public var attributes: Attributes { Attributes() }
  /// That of the operand.
  public func resultDType(_ operand: DType) -> DType { operand }
  /// The operand's shape.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(1, inputs)
    try expectDType(inputs[0])
    return [TensorType(inputs[0].shape, resultDType(inputs[0].dtype))]
  }
}

/// An elementwise primitive with two operands of the same element type.
public protocol BinaryPrimitive: ElementwisePrimitive {
  /// The one value.
  init()
  /// The element type of the result; by default that of the operands.
  func resultDType(_ operand: DType) -> DType
}

extension BinaryPrimitive {
  /// The one value.
  public init(_ attributes: Attributes) throws { self.init() }
  /// None.
  public var attributes: Attributes { Attributes() }
  /// That of the operands.
  public func resultDType(_ operand: DType) -> DType { operand }
  /// The broadcast shape.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(2, inputs)
    guard inputs[0].dtype == inputs[1].dtype else {
      throw GraphError.invalidValue(
        operation: name,
        reason: "the operands are \(inputs[0].dtype) and \(inputs[1].dtype); cast one of them")
    }
    try expectDType(inputs[0])
    guard let shape = Broadcasting.shape(inputs[0].shape, inputs[1].shape) else {
      throw mismatch(inputs, "the shapes do not broadcast")
    }
    return [TensorType(shape, resultDType(inputs[0].dtype))]
  }
}
