/// The elements at every step-th place of a tensor of zeros: what a slice takes, put back.
///
/// Element `start + i·step` of the result is element `i` of the operand; all others are 0.
public struct StridedPlacement: Primitive {
  /// The name in saved graphs.
  public static let name = "place"
  /// What it computes.
  public static let summary = "the elements at every step-th place of a tensor of zeros"
  /// What the first operand may be.
  public static let dtypes = DType.allCases
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// Where the first element goes, by axis.
  public let starts: [Dim]
  /// How far apart the elements go, by axis; never 0.
  public let steps: [Dim]
  /// The shape of the result.
  public let shape: [Dim]

  package init(starts: [Dim], steps: [Dim], shape: [Dim]) {
    self.starts = starts
    self.steps = steps
    self.shape = shape
  }

  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws {
    self.init(
      starts: try attributes.dims("starts"), steps: try attributes.dims("steps"),
      shape: try attributes.dims("shape"))
  }

  /// Starts, steps and shape.
  public var attributes: Attributes {
    Attributes(["starts": .dims(starts), "steps": .dims(steps), "shape": .dims(shape)])
  }

  /// Where the elements go.
  package var places: StridedPlaces { StridedPlaces(starts: starts, steps: steps) }

  /// The shape, if the operand's elements lie within it.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(1, inputs)
    if let reason = places.misfit(inputs[0].shape, within: shape) { throw mismatch(inputs, reason) }
    return [TensorType(shape, inputs[0].dtype)]
  }

  /// The gradient at the places of the elements.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    let slice = StridedSlice(starts: starts, sizes: step.inputs[0].shape, steps: steps)
    return [try step.gradient.map { try slice($0) }]
  }
}
