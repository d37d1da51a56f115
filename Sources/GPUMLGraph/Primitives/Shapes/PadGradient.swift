/// The gradient of a padding that repeats elements: each gets the sum of all its places.
///
/// Sums go from the first place to the last, those mirrored after the others, so that the result
/// is the same on every device.
public struct PadGradient: Primitive {
  /// The name in saved graphs.
  public static let name = "pad_gradient"
  /// What it computes.
  public static let summary = "for each element the sum over the places to which a padding took it"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// How the padding repeated elements; not `constant`.
  public let mode: Pad.Mode
  /// How many elements came first, by axis.
  public let before: [Dim]
  /// How many elements came last, by axis.
  public let after: [Dim]

  package init(mode: Pad.Mode, before: [Dim], after: [Dim]) {
    self.mode = mode
    self.before = before
    self.after = after
  }

  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws {
    self.init(
      mode: try Pad.Mode(attributes), before: try attributes.dims("before"),
      after: try attributes.dims("after"))
  }

  /// Mode and numbers of elements.
  public var attributes: Attributes {
    Attributes(["mode": .string(mode.rawValue), "before": .dims(before), "after": .dims(after)])
  }

  /// The sizes before the padding.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(1, inputs)
    try expectDType(inputs[0])
    guard mode != .constant else {
      throw GraphError.invalidValue(
        operation: name, reason: "the padding '\(mode.rawValue)' repeats nothing")
    }
    let padded = inputs[0].shape
    guard before.count == padded.count, after.count == padded.count else {
      throw mismatch(inputs, "\(before.text) and \(after.text) are not one number for each axis")
    }
    let sizes = padded.indices.map { padded[$0] - before[$0] - after[$0] }
    if let reason = mode.misfit(sizes, padded: padded) { throw mismatch(inputs, reason) }
    return [TensorType(sizes, inputs[0].dtype)]
  }

  /// The gradient padded.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    [try step.gradient.map { try Pad(mode: mode, before: before, after: after)($0) }]
  }
}
