/// The slices of the first operand that the second names, along one axis.
///
/// Values `[a…, n, b…]` and indices of any shape `[i…]` give `[a…, i…, b…]`. An index out of range
/// gives NaN, in types without NaN 0 or false; with `fillsZero` it gives 0 in every type.
public struct Gather: GatherPrimitive {
  /// The name in saved graphs.
  public static let name = "gather"
  /// What it computes.
  public static let summary = "the slices that indices name along an axis; NaN where there is none"
  /// What the first operand may be.
  public static let dtypes = DType.allCases
  /// Gradients flow to the values.
  public static let differentiability = Differentiability.differentiable

  /// The axis along which indices name places.
  public let axis: Int
  /// Whether an index out of range gives 0 even where NaN could tell of it.
  public let fillsZero: Bool

  package init(axis: Int, fillsZero: Bool) {
    self.axis = axis
    self.fillsZero = fillsZero
  }

  /// The values' shape with that of the indices in the axis' place.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(2, inputs)
    try expectIndices(inputs[1])
    try expectAxis(inputs)
    var shape = inputs[0].shape
    shape.replaceSubrange(axis...axis, with: inputs[1].shape)
    return [TensorType(shape, inputs[0].dtype)]
  }

  /// Each place gets the sum of what was taken from it.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil, nil] }
    let sum = ScatterSum(axis: axis, size: step.inputs[0].shape[axis])
    return [try sum(gradient, step.inputs[1]), nil]
  }
}

/// Elements of the first operand, each found by an index of its own along one axis.
///
/// Values `[a…, n, b…]` and indices `[a…, k, b…]` give the shape of the indices: element `(a, j, b)`
/// is `values[a, indices[a, j, b], b]`. An index out of range gives what it gives in `Gather`.
public struct TakeAlongAxis: GatherPrimitive {
  /// The name in saved graphs.
  public static let name = "take_along_axis"
  /// What it computes.
  public static let summary = "elements by an index each along an axis; NaN where there is none"
  /// What the first operand may be.
  public static let dtypes = DType.allCases
  /// Gradients flow to the values.
  public static let differentiability = Differentiability.differentiable

  /// The axis along which indices name places.
  public let axis: Int
  /// Whether an index out of range gives 0 even where NaN could tell of it.
  public let fillsZero: Bool

  package init(axis: Int, fillsZero: Bool) {
    self.axis = axis
    self.fillsZero = fillsZero
  }

  /// The indices' shape with the values' type.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(2, inputs)
    try expectIndices(inputs[1])
    try expectAxis(inputs)
    try expectAlike(inputs, exceptAxis: true)
    return [TensorType(inputs[1].shape, inputs[0].dtype)]
  }

  /// Each element gets the sum of what was taken from it.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil, nil] }
    let sum = ScatterSumAlongAxis(axis: axis, size: step.inputs[0].shape[axis])
    return [try sum(gradient, step.inputs[1]), nil]
  }
}
