/// A primitive that computes the next values of parameters and of an optimizer's slots.
///
/// Operands: n parameters, their n gradients, then n slots of each kind; outputs: the n next
/// parameters, then the next slots. All are `float32`. Step number and learning rate come from the
/// state block, so a plan serves every step; while the block's `finite` flag is down, nothing
/// changes. A plan runs one launch for all parameters that lie side by side.
public protocol UpdatePrimitive: Primitive {
  /// The kinds of slots, in the order of the operands.
  var slotKinds: [String] { get }
}

extension UpdatePrimitive {
  /// An update is the end of a step.
  public static var differentiability: Differentiability { .none(reason: "it ends a step") }

  /// The types of parameters and slots.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    let groups = 2 + slotKinds.count
    guard !inputs.isEmpty, inputs.count % groups == 0 else {
      throw GraphError.invalidValue(
        operation: name, reason: "\(inputs.count) operands are not \(groups) for each parameter")
    }
    let count = inputs.count / groups
    for (place, type) in inputs.enumerated() {
      guard type.dtype == .float32 else {
        throw GraphError.unsupportedDType(operation: name, dtype: type.dtype)
      }
      guard type.shape == inputs[place % count].shape else {
        throw mismatch(
          [inputs[place % count], type], "parameter, gradient and slots have one shape")
      }
    }
    return Array(inputs[..<count] + inputs[(2 * count)...])
  }

  /// Builds the update of `parameters`, with new slots.
  ///
  /// - Throws: `GraphError` if parameters and gradients do not fit together.
  public func updates(_ parameters: [Variable], gradients: [Tensor]) throws -> [Update] {
    if parameters.isEmpty { return [] }
    let slots = try slotKinds.flatMap { kind in
      try parameters.map { try Variable(shape: $0.shape, role: .slot(kind: kind)) }
    }
    let node = try Node(self, parameters.map(\.tensor) + gradients + slots.map(\.tensor))
    return (parameters + slots).enumerated().map {
      Update(variable: $0.element, value: node.output($0.offset))
    }
  }
}
