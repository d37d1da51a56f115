/// The sum of the slices that indices send to each place of a new axis; 0 where none goes.
///
/// Updates `[a…, i…, b…]` and indices `[i…]` give `[a…, size, b…]`. Slices for one place are added
/// in the row-major order of their indices, in float32; integers wrap around. A slice whose index
/// is out of range is left out.
public struct ScatterSum: ScatterPrimitive {
  /// The name in saved graphs.
  public static let name = "scatter_sum"
  /// What it computes.
  public static let summary = "the sum of the slices that indices send to each place of an axis"
  /// What the first operand may be.
  public static let dtypes = DType.numeric
  /// Gradients flow to the updates.
  public static let differentiability = Differentiability.differentiable

  /// The axis of the result, and the first of the updates' axes that belong to the indices.
  public let axis: Int
  /// The size of that axis.
  public let size: Dim

  /// Puts both together.
  public init(axis: Int, size: Dim) {
    self.axis = axis
    self.size = size
  }

  /// The updates' shape with the axis in the place of the indices' axes.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(2, inputs)
    try expectDType(inputs[0])
    try expectIndices(inputs[1])
    try expectSize(inputs)
    var shape = inputs[0].shape
    let indices = inputs[1].shape
    guard axis >= 0, axis <= shape.count, indices.count <= shape.count - axis,
      Array(shape[axis..<(axis + indices.count)]) == indices
    else { throw mismatch(inputs, "the updates do not have the indices' sizes from axis \(axis)") }
    shape.replaceSubrange(axis..<(axis + indices.count), with: [size])
    return [TensorType(shape, inputs[0].dtype)]
  }

  /// Each slice gets the gradient of the place it went to.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil, nil] }
    return [try Gather(axis: axis, fillsZero: true)(gradient, step.inputs[1]), nil]
  }
}

/// The sum of the elements that an index each sends to places of a new axis; 0 where none goes.
///
/// Updates and indices `[a…, k, b…]` give `[a…, size, b…]`. Elements for one place are added in
/// ascending order along the axis, in float32; integers wrap around. An element whose index is out
/// of range is left out.
public struct ScatterSumAlongAxis: ScatterPrimitive {
  /// The name in saved graphs.
  public static let name = "scatter_sum_along_axis"
  /// What it computes.
  public static let summary = "the sum of the elements that an index each sends to each place"
  /// What the first operand may be.
  public static let dtypes = DType.numeric
  /// Gradients flow to the updates.
  public static let differentiability = Differentiability.differentiable

  /// The axis along which indices name places.
  public let axis: Int
  /// The size of that axis in the result.
  public let size: Dim

  /// Puts both together.
  public init(axis: Int, size: Dim) {
    self.axis = axis
    self.size = size
  }

  /// The updates' shape with another size of the axis.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(2, inputs)
    try expectDType(inputs[0])
    try expectIndices(inputs[1])
    try expectAxis(inputs)
    try expectAlike(inputs, exceptAxis: false)
    try expectSize(inputs)
    var shape = inputs[0].shape
    shape[axis] = size
    return [TensorType(shape, inputs[0].dtype)]
  }

  /// Each element gets the gradient of the place it went to.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil, nil] }
    return [try TakeAlongAxis(axis: axis, fillsZero: true)(gradient, step.inputs[1]), nil]
  }
}

/// For each place of a new axis, where along the axis the last index that names it stands.
///
/// Indices `[a…, k, b…]` give `int32` `[a…, size, b…]` with elements from 0 to k − 1, and −2³¹, which
/// is an index out of every range, where no index names the place. It decides who wins when several
/// write to one place.
public struct LastPlaces: ScatterPrimitive {
  /// The name in saved graphs.
  public static let name = "last_places"
  /// What it computes.
  public static let summary = "where the last index stands that names each place; −2³¹ without one"
  /// What the first operand may be.
  public static let dtypes: [DType] = [.int32, .int64]
  /// None.
  public static let differentiability = Differentiability.none(reason: "the result is an index")

  /// The axis along which indices name places.
  public let axis: Int
  /// The size of that axis in the result.
  public let size: Dim

  /// Puts both together.
  public init(axis: Int, size: Dim) {
    self.axis = axis
    self.size = size
  }

  /// The indices' shape with another size of the axis.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(1, inputs)
    try expectIndices(inputs[0])
    try expectAxis(inputs)
    try expectSize(inputs)
    var shape = inputs[0].shape
    shape[axis] = size
    return [TensorType(shape, .int32)]
  }
}
