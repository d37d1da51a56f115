/// The states hₜ = aₜ·hₜ₋₁ + xₜ along one axis, from a state of 0 on.
///
/// Operands: x and the factors a, of the same shape and floating-point type; computes in float32.
/// Its gradients are recurrences of its own forms from the other end.
/// - SeeAlso: Blelloch 1990, "Prefix sums and their applications", section 1.4.
public struct LinearRecurrence: Primitive {
  /// The name in saved graphs.
  public static let name = "linear_recurrence"
  /// What it computes.
  public static let summary = "the states h = a·h + x along an axis"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to both operands.
  public static let differentiability = Differentiability.differentiable

  /// Which states are the result.
  public enum Form: String, Sendable, CaseIterable {
    /// The states after each element: yₜ = aₜ·yₜ₋₁ + xₜ.
    case inclusive
    /// The states before each element: y₀ = 0 and yₜ₊₁ = aₜ·yₜ + xₜ.
    case exclusive
    /// Each factor acts on the way to the next element: yₜ = aₜ₋₁·yₜ₋₁ + xₜ.
    case shifted
  }

  /// The axis along which states follow one another.
  public let axis: Int
  /// Which states are the result.
  public let form: Form
  /// Whether it goes from the end to the beginning.
  public let isReversed: Bool

  package init(axis: Int, form: Form, reversed: Bool) {
    self.axis = axis
    self.form = form
    isReversed = reversed
  }

  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws {
    let text = try attributes.string("form")
    guard let form = Form(rawValue: text) else {
      throw GraphError.malformed(reason: "linear_recurrence has no form '\(text)'")
    }
    self.init(
      axis: try attributes.int("axis"), form: form, reversed: try attributes.bool("reverse"))
  }

  /// Axis, form and direction.
  public var attributes: Attributes {
    Attributes([
      "axis": .int(axis), "form": .string(form.rawValue), "reverse": .bool(isReversed),
    ])
  }

  /// The operands' type.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(2, inputs)
    try expectDType(inputs[0])
    guard inputs[0] == inputs[1] else {
      throw mismatch(inputs, "elements and factors differ in shape or type")
    }
    try expectAxis(axis, inputs)
    return [inputs[0]]
  }

  /// What reaches each element from the states after it, and times the state before it.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil, nil] }
    let (x, factors, states) = (step.inputs[0], step.inputs[1], step.outputs[0])
    func back(_ form: Form) throws -> Tensor {
      try LinearRecurrence(axis: axis, form: form, reversed: !isReversed)(gradient, factors)
    }
    switch form {
    case .inclusive:
      let reaching = try back(.shifted)
      let before = try LinearRecurrence(axis: axis, form: .exclusive, reversed: isReversed)(
        x, factors)
      return [reaching, try reaching * before]
    case .exclusive:
      let reaching = try back(.exclusive)
      return [reaching, try reaching * states]
    case .shifted: return [try back(.inclusive), try back(.exclusive) * states]
    }
  }
}

extension Tensor {
  /// The states hₜ = aₜ·hₜ₋₁ + xₜ along one axis, from a state of 0 on: of discounted sums, moving
  /// averages and linear state spaces. Floating point.
  ///
  /// - Parameters:
  ///   - factors: The a, of this tensor's shape and type.
  ///   - axis: Negative counts from the end.
  ///   - form: Which states are the result.
  ///   - reversed: Goes from the end to the beginning.
  /// - Throws: `GraphError` if shapes or types differ or the axis does not exist.
  public func linearRecurrence(
    factors: Tensor, axis: Int, form: LinearRecurrence.Form = .inclusive, reversed: Bool = false
  ) throws -> Tensor {
    let axis = try resolved(axis: axis, operation: LinearRecurrence.name)
    return try LinearRecurrence(axis: axis, form: form, reversed: reversed)(self, factors)
  }
}
