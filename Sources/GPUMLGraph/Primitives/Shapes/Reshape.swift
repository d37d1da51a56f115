/// The same elements in the same order with other sizes.
public struct Reshape: Primitive {
  /// The name in saved graphs.
  public static let name = "reshape"
  /// What it computes.
  public static let summary = "the same elements in the same order with other sizes"
  /// What the first operand may be.
  public static let dtypes = DType.allCases
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// The new shape.
  public let shape: [Dim]

  package init(to shape: [Dim]) { self.shape = shape }
  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws { shape = try attributes.dims("shape") }
  /// The new shape.
  public var attributes: Attributes { Attributes(["shape": .dims(shape)]) }

  /// The new shape, if it has as many elements.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(1, inputs)
    guard inputs[0].shape.elementCount == shape.elementCount else {
      throw mismatch(inputs, "\(shape.text) has another number of elements")
    }
    return [TensorType(shape, inputs[0].dtype)]
  }

  /// The gradient in the operand's shape.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    [try step.gradient?.reshaped(to: step.inputs[0].shape)]
  }
}

extension Tensor {
  /// The same elements in the same order with other sizes.
  ///
  /// - Throws: `GraphError.shapeMismatch` if the number of elements differs.
  public func reshaped(to shape: [Dim]) throws -> Tensor {
    shape == self.shape ? self : try Reshape(to: shape)(self)
  }

  /// Joins all axes from `axis` on into one; `[batch, 28, 28]` becomes `[batch, 784]`.
  public func flattened(from axis: Int = 1) throws -> Tensor {
    guard axis >= 0, axis < rank else {
      throw GraphError.shapeMismatch(
        operation: "flatten", shapes: [shape.text], reason: "there is no axis \(axis)")
    }
    return try reshaped(to: Array(shape[..<axis]) + [Array(shape[axis...]).elementCount])
  }
}
