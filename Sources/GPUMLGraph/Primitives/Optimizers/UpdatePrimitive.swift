/// A primitive that computes the next values of parameters and of an optimizer's slots.
///
/// Operands: n parameters, their n gradients, then n slots of each kind, then perhaps a scalar that
/// all gradients are multiplied with (see `clippingScale(norm:maximum:)`); outputs: the n next
/// parameters, then the next slots. Step number and learning rate come from the
/// state block, so a plan serves every step; while the block's `finite` flag is down, nothing
/// changes. A plan runs one launch for all parameters that lie side by side.
///
/// All are `float32`: a step is often smaller than half the distance of neighbouring numbers of 16
/// bits, and would be lost. A network that computes in 16 bits takes casts of its parameters, through
/// which their gradients come back as `float32` (Micikevicius et al. 2017, arXiv:1710.03740).
public protocol UpdatePrimitive: Primitive {
  /// The kinds of slots, in the order of the operands.
  var slotKinds: [String] { get }
  /// What all slots of a kind begin with; zeros unless a primitive says otherwise.
  func slotInitializer(_ kind: String) -> Initializer
}

extension UpdatePrimitive {
  /// An update is the end of a step.
  public static var differentiability: Differentiability { .none(reason: "it ends a step") }

  /// Zeros.
  public func slotInitializer(_ kind: String) -> Initializer { .zeros }

  /// The types of parameters and slots.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    let groups = 2 + slotKinds.count
    let hasScale = inputs.count % groups == 1
    guard inputs.count >= groups, inputs.count % groups == (hasScale ? 1 : 0) else {
      throw GraphError.invalidValue(
        operation: name, reason: "\(inputs.count) operands are not \(groups) for each parameter")
    }
    for type in inputs where type.dtype != .float32 {
      throw GraphError.unsupportedDType(operation: name, dtype: type.dtype)
    }
    if hasScale, let scale = inputs.last, !scale.shape.isEmpty {
      throw mismatch([scale], "the scale of the gradients is a scalar")
    }
    let count = inputs.count / groups
    let grouped = inputs[..<(groups * count)]
    for (place, type) in grouped.enumerated() where type.shape != inputs[place % count].shape {
      throw mismatch(
        [inputs[place % count], type], "parameter, gradient and slots have one shape")
    }
    return Array(grouped[..<count] + grouped[(2 * count)...])
  }

  /// Builds the update of `parameters`, with new slots.
  ///
  /// - Parameters:
  ///   - parameters: What changes, `float32`.
  ///   - gradients: One a parameter, of its shape.
  ///   - scale: A scalar that all gradients are multiplied with; nil for 1. If it is not finite,
  ///     nothing changes.
  /// - Throws: `GraphError` if parameters and gradients do not fit together.
  public func updates(
    _ parameters: [Variable], gradients: [Tensor], scale: Tensor? = nil
  ) throws -> [Update] {
    if parameters.isEmpty { return [] }
    guard gradients.count == parameters.count else {
      throw GraphError.invalidValue(
        operation: name,
        reason: "\(gradients.count) gradients for \(parameters.count) parameters")
    }
    let slots = try slotKinds.flatMap { kind in
      try parameters.map {
        try Variable(
          shape: $0.shape, role: .slot(kind: kind), initializer: slotInitializer(kind))
      }
    }
    let node = try Node(
      self,
      parameters.map(\.tensor) + gradients + slots.map(\.tensor) + [scale].compactMap { $0 })
    return (parameters + slots).enumerated().map {
      Update(variable: $0.element, value: node.output($0.offset))
    }
  }
}

extension UpdatePrimitive {
  /// The operands by role: parameters, gradients, then each kind of slot; and the scale.
  package func grouped<Operand>(
    _ operands: [Operand]
  ) -> (groups: [[Operand]], scale: Operand?) {
    let kinds = 2 + slotKinds.count
    let count = operands.count / kinds
    let groups = (0..<kinds).map { Array(operands[($0 * count)..<(($0 + 1) * count)]) }
    return (groups, operands.count % kinds == 1 ? operands.last : nil)
  }
}
