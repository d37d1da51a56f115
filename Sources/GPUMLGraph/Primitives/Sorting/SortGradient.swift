/// The gradient of `Sort` and `TopK`: elements put back to where they stood, 0 elsewhere.
///
/// Operands: the gradient of the values, and the places along the axis as `int32`, of one shape.
/// No place may come up twice along the axis; one out of range is left out.
public struct SortGradient: Primitive {
  /// The name in saved graphs.
  public static let name = "sort_gradient"
  /// What it computes.
  public static let summary = "the gradient of sort and top_k"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// None.
  public static let differentiability = Differentiability.none(
    reason: "second derivatives of sorting are not offered")

  /// The axis along which elements were ordered.
  public let axis: Int
  /// The size of that axis.
  public let size: Dim

  package init(axis: Int, size: Dim) {
    self.axis = axis
    self.size = size
  }

  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws {
    self.init(axis: try attributes.int("axis"), size: try attributes.dim("size"))
  }

  /// The axis and its size.
  public var attributes: Attributes { Attributes(["axis": .int(axis), "size": .dims([size])]) }

  /// The gradient's shape with the axis in full size.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(2, inputs)
    try expectDType(inputs[0])
    try expectAxis(axis, inputs)
    guard inputs[1] == TensorType(inputs[0].shape, .int32) else {
      throw mismatch(inputs, "takes one place a gradient, as int32")
    }
    var shape = inputs[0].shape
    shape[axis] = size
    return [TensorType(shape, inputs[0].dtype)]
  }
}
