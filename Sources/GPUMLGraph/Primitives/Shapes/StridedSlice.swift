/// Every step-th element along each axis, from a start on.
///
/// Element `i` of the result is element `start + i·step` of the operand; a step may be negative.
/// Nothing is clamped: what symbols leave open is checked when a plan knows the sizes.
public struct StridedSlice: Primitive {
  /// The name in saved graphs.
  public static let name = "slice"
  /// What it computes.
  public static let summary = "every step-th element along each axis, from a start on"
  /// What the first operand may be.
  public static let dtypes = DType.allCases
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// Where the result begins, by axis.
  public let starts: [Dim]
  /// The shape of the result.
  public let sizes: [Dim]
  /// How far apart the elements are, by axis; never 0.
  public let steps: [Dim]

  package init(starts: [Dim], sizes: [Dim], steps: [Dim]) {
    self.starts = starts
    self.sizes = sizes
    self.steps = steps
  }

  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws {
    self.init(
      starts: try attributes.dims("starts"), sizes: try attributes.dims("sizes"),
      steps: try attributes.dims("steps"))
  }

  /// Starts, sizes and steps.
  public var attributes: Attributes {
    Attributes(["starts": .dims(starts), "sizes": .dims(sizes), "steps": .dims(steps)])
  }

  /// Which elements of the operand are taken.
  package var places: StridedPlaces { StridedPlaces(starts: starts, steps: steps) }

  /// The sizes, if that many elements lie within the operand.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(1, inputs)
    if let reason = places.misfit(sizes, within: inputs[0].shape) {
      throw mismatch(inputs, reason)
    }
    return [TensorType(sizes, inputs[0].dtype)]
  }

  /// The gradient placed into zeros.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    [try step.gradient?.placed(at: places, within: step.inputs[0].shape)]
  }
}

extension Tensor {
  /// The elements at some places of a tensor of zeros.
  package func placed(at places: StridedPlaces, within shape: [Dim]) throws -> Tensor {
    guard places.steps.allSatisfy({ $0 == 1 }) else {
      return try StridedPlacement(starts: places.starts, steps: places.steps, shape: shape)(self)
    }
    // Side by side, one pass writes zeros and elements.
    let after = shape.indices.map { shape[$0] - places.starts[$0] - self.shape[$0] }
    return try padded(before: places.starts, after: after)
  }
}
