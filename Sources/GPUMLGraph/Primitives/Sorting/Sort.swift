/// Orders the elements along one axis, and tells where each of them stood.
///
/// Outputs: the values in order, and their places along the axis before, as `int32`. Equal elements
/// keep their order, also descending; −0 equals 0. NaN comes last in both directions, as in NumPy.
public struct Sort: Primitive {
  /// The name in saved graphs.
  public static let name = "sort"
  /// What it computes.
  public static let summary = "the elements along an axis in order, and where they stood; stable"
  /// What the first operand may be.
  public static let dtypes = DType.numeric
  /// Gradients flow to the operand from the values.
  public static let differentiability = Differentiability.differentiable

  /// The axis along which elements are ordered.
  public let axis: Int
  /// Whether the largest comes first.
  public let isDescending: Bool

  package init(axis: Int, descending: Bool) {
    self.axis = axis
    isDescending = descending
  }

  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws {
    self.init(axis: try attributes.int("axis"), descending: try attributes.bool("descending"))
  }

  /// The axis and the direction.
  public var attributes: Attributes {
    Attributes(["axis": .int(axis), "descending": .bool(isDescending)])
  }

  /// The operand's shape twice: values and places.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(1, inputs)
    try expectDType(inputs[0])
    try expectAxis(axis, inputs)
    return [inputs[0], TensorType(inputs[0].shape, .int32)]
  }

  /// The values' gradient, each element where it came from.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    let size = step.inputs[0].shape[axis]
    return [try SortGradient(axis: axis, size: size)(gradient, step.outputs[1])]
  }
}

extension Tensor {
  /// The elements along one axis in order, and their places before.
  ///
  /// Any numeric type. Equal elements keep their order, and NaN comes last, in both directions.
  ///
  /// - Parameters:
  ///   - axis: Negative counts from the end.
  ///   - descending: Puts the largest first.
  /// - Returns: The values, and for each its place along the axis before, as `int32`.
  /// - Throws: `GraphError` if the axis does not exist or the type is not numeric.
  public func sorted(
    axis: Int = -1, descending: Bool = false
  ) throws -> (values: Tensor, indices: Tensor) {
    let axis = try resolved(axis: axis, operation: Sort.name)
    let node = try Node(Sort(axis: axis, descending: descending), [self])
    return (node.output(0), node.output(1))
  }

  /// The places of the elements along one axis in the order of their values, as `int32`.
  ///
  /// Any numeric type. Equal elements keep their order, and NaN comes last, in both directions.
  ///
  /// - Parameters:
  ///   - axis: Negative counts from the end.
  ///   - descending: Puts the largest first.
  /// - Throws: `GraphError` if the axis does not exist or the type is not numeric.
  public func argsort(axis: Int = -1, descending: Bool = false) throws -> Tensor {
    try sorted(axis: axis, descending: descending).indices
  }
}
