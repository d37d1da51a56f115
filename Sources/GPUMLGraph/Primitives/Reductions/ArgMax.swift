/// The place of the largest element along one axis, as `int32`; the first of several, and the first
/// NaN if there is one.
public struct ArgMax: Primitive {
  /// The name in saved graphs.
  public static let name = "argmax"
  /// What it computes.
  public static let summary = "where the largest element along an axis stands; the first of equals"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// None.
  public static let differentiability = Differentiability.none(reason: "the result is an index")

  /// The axis that disappears.
  public let axis: Int

  package init(axis: Int) { self.axis = axis }
  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws { axis = try attributes.int("axis") }
  /// The axis.
  public var attributes: Attributes { Attributes(["axis": .int(axis)]) }

  /// The shape without the axis, which must not be empty.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(1, inputs)
    try expectFloating(inputs[0])
    var shape = inputs[0].shape
    guard axis >= 0, axis < shape.count else {
      throw mismatch(inputs, "there is no axis \(axis)")
    }
    if shape.remove(at: axis) == 0 { throw mismatch(inputs, "axis \(axis) is empty") }
    return [TensorType(shape, .int32)]
  }
}

extension Tensor {
  /// The place of the largest element along `axis`, as `int32`; the first of several.
  ///
  /// - Parameter axis: Negative counts from the end.
  /// - Throws: `GraphError.shapeMismatch` if the axis does not exist or is empty.
  public func argmax(axis: Int = -1) throws -> Tensor {
    try ArgMax(axis: resolved(axes: [axis], operation: "argmax")[0])(self)
  }
}
