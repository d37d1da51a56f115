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
  /// - Parameter shape: The sizes; one of them may be −1 and is found from the others.
  /// - Throws: `GraphError.shapeMismatch` if the number of elements differs or a size of −1 cannot
  ///   be found.
  public func reshaped(to shape: [Dim]) throws -> Tensor {
    let shape = try inferring(shape)
    return shape == self.shape ? self : try Reshape(to: shape)(self)
  }

  /// Replaces a size of −1 by what the others leave of the elements.
  private func inferring(_ target: [Dim]) throws -> [Dim] {
    guard let place = target.firstIndex(of: -1) else { return target }
    var shape = target
    shape.remove(at: place)
    // Equal sizes cancel, so that sums of symbols need no division.
    var rest = self.shape
    let others = shape.filter { size in
      guard let twin = rest.firstIndex(of: size) else { return true }
      rest.remove(at: twin)
      return false
    }
    let divisor = others.elementCount
    guard !shape.contains(-1), !shape.contains(0), divisor != 0 else {
      throw GraphError.shapeMismatch(
        operation: "reshape", shapes: [self.shape.text],
        reason: "\(target.text) does not tell the size of −1")
    }
    shape.insert(rest.elementCount / divisor, at: place)
    return shape
  }

  /// Joins all axes from `axis` on into one; `[batch, 28, 28]` becomes `[batch, 784]`.
  ///
  /// - Parameter axis: Negative counts from the end.
  /// - Throws: `GraphError.shapeMismatch` if there is no such axis.
  public func flattened(from axis: Int = 1) throws -> Tensor {
    let axis = try resolved(axis: axis, operation: "flatten")
    return try reshaped(to: Array(shape[..<axis]) + [Array(shape[axis...]).elementCount])
  }
}
