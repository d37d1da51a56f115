/// More elements, or fewer, before and after those along each axis.
///
/// Element `i` of the result is element `i − before` of the operand where there is one; the mode
/// says what stands elsewhere. A negative number before or after takes elements away.
/// - SeeAlso: <https://onnx.ai/onnx/operators/onnx__Pad.html>
public struct Pad: Primitive {
  /// What stands where the operand has no element.
  public enum Mode: String, Sendable, CaseIterable {
    /// One number.
    case constant
    /// The nearest element.
    case edge
    /// The elements mirrored at the first and the last, which are not repeated; mirrored again
    /// where they do not suffice.
    case reflect
    /// The elements over and over.
    case wrap
  }

  /// The name in saved graphs.
  public static let name = "pad"
  /// What it computes.
  public static let summary = "a number, or the elements again, before and after those of an axis"
  /// What the first operand may be.
  public static let dtypes = DType.allCases
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// What stands where the operand has no element.
  public let mode: Mode
  /// How many elements come first, by axis.
  public let before: [Dim]
  /// How many elements come last, by axis.
  public let after: [Dim]
  /// The number of the mode `constant`, taken in the operand's element type.
  public let value: Double

  package init(mode: Mode, before: [Dim], after: [Dim], value: Double = 0) {
    self.mode = mode
    self.before = before
    self.after = after
    self.value = value
  }

  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws {
    self.init(
      mode: try Mode(attributes), before: try attributes.dims("before"),
      after: try attributes.dims("after"), value: try attributes.double("value"))
  }

  /// Mode, numbers of elements, and value.
  public var attributes: Attributes {
    Attributes([
      "mode": .string(mode.rawValue), "before": .dims(before), "after": .dims(after),
      "value": .double(value),
    ])
  }

  /// The sizes with what comes before and after added.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(1, inputs)
    let sizes = inputs[0].shape
    guard before.count == sizes.count, after.count == sizes.count else {
      throw mismatch(inputs, "\(before.text) and \(after.text) are not one number for each axis")
    }
    let padded = sizes.indices.map { sizes[$0] + before[$0] + after[$0] }
    if let reason = mode.misfit(sizes, padded: padded) { throw mismatch(inputs, reason) }
    return [TensorType(padded, inputs[0].dtype)]
  }

  /// The gradient where the elements went, added up where one went to several places.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    let (less, fewer) = (before.map { $0 * Dim(-1) }, after.map { $0 * Dim(-1) })
    // A constant takes no gradient; and what only goes round, goes back.
    if mode == .constant || mode == .wrap && less == after {
      return [try Pad(mode: mode, before: less, after: fewer)(gradient)]
    }
    return [try PadGradient(mode: mode, before: before, after: after)(gradient)]
  }
}

extension Pad.Mode {
  /// The mode that a saved graph names.
  init(_ attributes: Attributes) throws {
    let name = try attributes.string("mode")
    guard let mode = Pad.Mode(rawValue: name) else {
      throw GraphError.malformed(reason: "there is no padding '\(name)'")
    }
    self = mode
  }

  /// What is wrong with sizes and those of the padded tensor, as far as numbers tell.
  func misfit(_ sizes: [Dim], padded: [Dim]) -> String? {
    for axis in sizes.indices {
      if let size = sizes[axis].constant, size < 0 { return "axis \(axis) would have size \(size)" }
      guard let size = padded[axis].constant else { continue }
      if size < 0 { return "axis \(axis) would have size \(size)" }
      if self != .constant, size > 0, sizes[axis] == 0 { return reason(axis) }
    }
    return nil
  }

  /// Checks numbers of which `misfit` has nothing to say.
  ///
  /// - Throws: `GraphError.shapeMismatch` if an empty axis has nothing to be repeated.
  package func check(_ sizes: [Int], padded: [Int], operation: String) throws {
    guard self != .constant else { return }
    for axis in sizes.indices where sizes[axis] == 0 && padded[axis] > 0 {
      throw GraphError.shapeMismatch(
        operation: operation, shapes: ["\(sizes)"], reason: reason(axis))
    }
  }

  private func reason(_ axis: Int) -> String {
    "axis \(axis) is empty: the padding '\(rawValue)' has nothing to repeat"
  }
}

extension Tensor {
  /// More elements, or fewer where a number is negative, before and after those along each axis.
  ///
  /// - Parameters:
  ///   - before: How many come first, by axis.
  ///   - after: How many come last, by axis.
  ///   - mode: What they are.
  ///   - value: The number of the mode `constant`, taken in the tensor's element type.
  /// - Throws: `GraphError.shapeMismatch` unless there are as many numbers as axes, if a size
  ///   would be negative, or if an empty axis has nothing to repeat.
  public func padded(
    before: [Dim], after: [Dim], mode: Pad.Mode = .constant, value: Double = 0
  ) throws -> Tensor {
    let node = try Node(Pad(mode: mode, before: before, after: after, value: value), [self])
    return (before + after).allSatisfy { $0 == 0 } ? self : node.output()
  }

  /// More elements, or fewer where a number is negative, before and after those along one axis.
  ///
  /// - Parameters:
  ///   - axis: Negative counts from the end.
  ///   - before: How many come first.
  ///   - after: How many come last.
  ///   - mode: What they are.
  ///   - value: The number of the mode `constant`, taken in the tensor's element type.
  /// - Throws: `GraphError.shapeMismatch` if there is no such axis, the size would be negative, or
  ///   an empty axis has nothing to repeat.
  public func padded(
    axis: Int, before: Dim = 0, after: Dim = 0, mode: Pad.Mode = .constant, value: Double = 0
  ) throws -> Tensor {
    let axis = try resolved(axes: [axis], operation: Pad.name)[0]
    func along(_ number: Dim) -> [Dim] { shape.indices.map { $0 == axis ? number : 0 } }
    return try padded(before: along(before), after: along(after), mode: mode, value: value)
  }

  /// The elements moved along an axis; what leaves at the end comes in at the beginning.
  ///
  /// - Parameters:
  ///   - shift: How far; negative moves towards the beginning.
  ///   - axis: Negative counts from the end.
  /// - Throws: `GraphError` if there is no such axis, or the shift is beyond ±2³¹ along a symbolic
  ///   one.
  public func rolled(by shift: Int, along axis: Int) throws -> Tensor {
    try rolled(by: [shift], axes: [axis])
  }

  /// The elements moved along axes; what leaves at the end comes in at the beginning.
  ///
  /// - Parameters:
  ///   - shifts: How far, by axis; negative moves towards the beginning.
  ///   - axes: The axes; negative counts from the end.
  /// - Throws: `GraphError` if there are not as many shifts as axes, an axis does not exist or is
  ///   named twice, or a shift is beyond ±2³¹ along a symbolic axis.
  public func rolled(by shifts: [Int], axes: [Int]) throws -> Tensor {
    guard shifts.count == axes.count else {
      throw GraphError.invalidValue(
        operation: "roll", reason: "\(shifts.count) shifts along \(axes.count) axes")
    }
    _ = try resolved(axes: axes, operation: "roll")
    var before = shape.map { _ in Dim(0) }
    for (shift, axis) in zip(shifts, axes) {
      let axis = axis < 0 ? axis + rank : axis
      if let size = shape[axis].constant {
        before[axis] = Dim(size == 0 ? 0 : shift % size)
      } else {
        guard Int32(exactly: shift) != nil else {
          throw GraphError.invalidValue(
            operation: "roll", reason: "a shift of \(shift) is too large")
        }
        before[axis] = Dim(shift)
      }
    }
    return try padded(before: before, after: before.map { $0 * Dim(-1) }, mode: .wrap)
  }
}
