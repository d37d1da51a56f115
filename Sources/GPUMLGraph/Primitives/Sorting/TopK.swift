/// The first few elements along one axis in order, and where they stood.
///
/// Outputs: the values, the most extreme first, and their places along the axis, as `int32`. Of
/// equal elements the first come first. NaN comes last in both directions, as for `Sort`.
public struct TopK: Primitive {
  /// The name in saved graphs.
  public static let name = "top_k"
  /// What it computes.
  public static let summary = "the k largest or smallest along an axis in order, and their places"
  /// What the first operand may be.
  public static let dtypes = DType.numeric
  /// Gradients flow to the operand from the values.
  public static let differentiability = Differentiability.differentiable

  /// The axis along which elements are chosen.
  public let axis: Int
  /// How many are chosen.
  public let k: Int
  /// Whether the largest are chosen, not the smallest.
  public let takesLargest: Bool

  package init(_ k: Int, axis: Int, largest: Bool) {
    self.axis = axis
    self.k = k
    takesLargest = largest
  }

  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws {
    self.init(
      try attributes.int("k"), axis: try attributes.int("axis"),
      largest: try attributes.bool("largest"))
  }

  /// The axis, the number and the direction.
  public var attributes: Attributes {
    Attributes(["axis": .int(axis), "k": .int(k), "largest": .bool(takesLargest)])
  }

  /// The operand's shape with k elements along the axis, twice: values and places.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(1, inputs)
    try expectDType(inputs[0])
    try expectAxis(axis, inputs)
    var shape = inputs[0].shape
    if let size = shape[axis].constant { try check(size: size) }
    guard k >= 0 else { throw invalid("of \(k) elements") }
    shape[axis] = Dim(k)
    return [TensorType(shape, inputs[0].dtype), TensorType(shape, .int32)]
  }

  /// Checks that an axis of a size has so many elements.
  package func check(size: Int) throws {
    guard k >= 0, k <= size else { throw invalid("takes \(k) of \(size) elements") }
  }

  private func invalid(_ reason: String) -> GraphError {
    .invalidValue(operation: name, reason: reason)
  }

  /// The values' gradient, each element where it came from; the others get 0.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    let size = step.inputs[0].shape[axis]
    return [try SortGradient(axis: axis, size: size)(gradient, step.outputs[1])]
  }
}

extension Tensor {
  /// The k largest or smallest elements along one axis in order, and their places.
  ///
  /// Any numeric type. Of equal elements the first come first, and NaN comes last, in both
  /// directions.
  ///
  /// - Parameters:
  ///   - k: How many; at most the size of the axis, which a symbol tells only when a plan is made.
  ///   - axis: Negative counts from the end.
  ///   - largest: Takes the largest, in descending order, not the smallest in ascending order.
  /// - Returns: The values, and for each its place along the axis, as `int32`.
  /// - Throws: `GraphError` if the axis does not exist or has fewer elements, or the type is not
  ///   numeric.
  public func topK(
    _ k: Int, axis: Int = -1, largest: Bool = true
  ) throws -> (values: Tensor, indices: Tensor) {
    let axis = try resolved(axis: axis, operation: TopK.name)
    let node = try Node(TopK(k, axis: axis, largest: largest), [self])
    return (node.output(0), node.output(1))
  }
}
