import GPUMLGraph

/// Evaluates graphs one primitive after the other, in float64.
package enum ReferenceEvaluator {
  /// What a run gives.
  package typealias Result = (
    outputs: [String: ReferenceTensor], updates: [Variable: ReferenceTensor]
  )

  /// What becomes of floating-point results.
  package enum Rounding: Sendable {
    /// They stay as they are.
    case none
    /// They are rounded to their element type.
    case toType
    /// Those of some element types are off as a device's may be; see `RoundingNoise`.
    case atRandom(seed: UInt64, of: Set<DType> = Set(DType.floating))
  }

  /// The most elements a tensor may have here: 1 GiB of float64.
  package static let elementLimit = 1 << 27

  /// Evaluates outputs and updates.
  ///
  /// - Parameters:
  ///   - graph: What to evaluate.
  ///   - inputs: The value of each input by its name.
  ///   - variables: The value of each variable at the beginning of the step.
  ///   - symbols: Sizes that the inputs do not tell; the others are found from the inputs.
  ///   - state: Step, seed and learning rate.
  ///   - rounding: What becomes of floating-point results.
  /// - Throws: `GraphError` if a value is missing or does not fit.
  package static func run(
    _ graph: Graph, inputs: [String: HostTensor] = [:], variables: [Variable: HostTensor] = [:],
    symbols: [String: Int] = [:], state: ReferenceState = ReferenceState(),
    rounding: Rounding = .none
  ) throws -> Result {
    try run(
      graph, inputs: inputs.mapValues { ReferenceTensor($0) },
      variables: variables.mapValues { ReferenceTensor($0) }, symbols: symbols, state: state,
      rounding: rounding)
  }

  /// Evaluates outputs and updates for values in float64.
  package static func run(
    _ graph: Graph, inputs: [String: ReferenceTensor], variables: [Variable: ReferenceTensor],
    symbols: [String: Int] = [:], state: ReferenceState = ReferenceState(),
    rounding: Rounding = .none
  ) throws -> Result {
    var state = state
    state.sources = ReferenceSources(
      symbols: try symbols.merging(graph.bindSymbols(inputs: inputs.mapValues(\.shape))) { $1 },
      inputs: inputs,
      variables: Dictionary(
        variables.map { (ObjectIdentifier($0.key.identity), $0.value) },
        uniquingKeysWith: { first, _ in first }))
    var noise = RoundingNoise(rounding)
    var results: [ObjectIdentifier: [ReferenceTensor]] = [:]
    func value(_ tensor: Tensor) throws -> ReferenceTensor {
      guard let tensors = results[ObjectIdentifier(tensor.node)] else {
        throw GraphError.invalidValue(operation: "reference", reason: "an operand has no value")
      }
      return tensors[tensor.index]
    }
    for node in graph.nodes {
      let operands = try node.inputs.map(value)
      if let decider = node.primitive as? any ReferenceDecider {
        state.sources.symbols[decider.symbol] = decider.size(operands)
      }
      var values = try evaluate(node, operands, state)
      switch rounding {
      case .none: break
      case .toType: values = values.map(\.rounded)
      case .atRandom(_, let dtypes):
        let isNoisy = values.map { dtypes.contains($0.dtype) }
        if !values.allSatisfy(\.isExact), isNoisy.contains(true) {
          let disturbed = operands.map { noise.disturbed($0) }
          var others = try evaluate(node, disturbed, state)
          if let primitive = node.primitive as? any CancelingTerms {
            let term = primitive.largestTerm(operands)
            others = others.map { noise.canceled($0, from: term) }
          }
          for place in values.indices where isNoisy[place] {
            values[place] = noise.rounded(others[place])
          }
        }
      }
      results[ObjectIdentifier(node)] = values
    }
    return (
      Dictionary(
        try graph.outputs.map { ($0.name, try value($0.tensor)) },
        uniquingKeysWith: { first, _ in first }),
      Dictionary(
        try graph.updates.map { update in
          // Whatever it is: nothing changes while the state is not finite.
          let kept = state.finite ? nil : variables[update.variable]
          return (update.variable, try kept ?? value(update.value))
        },
        uniquingKeysWith: { first, _ in first })
    )
  }

  /// The value of a tensor that depends on no input, variable, symbol or random number, rounded to
  /// its element type at every step: for constant folding.
  ///
  /// - Throws: `GraphError.invalidValue` if it depends on one of them or a tensor on the way has
  ///   more elements than `limit`.
  package static func value(
    of tensor: Tensor, limit: Int = elementLimit
  ) throws -> HostTensor {
    let graph = try Graph(outputs: [Graph.Output("value", tensor)])
    for node in graph.nodes {
      let primitive = node.primitive
      if primitive is Input || primitive is ReadVariable || primitive is any RandomPrimitive {
        throw GraphError.invalidValue(
          operation: primitive.name, reason: "its value is only known to a run")
      }
      for type in node.outputs {
        guard try type.shape.elementCount.value([:]) <= limit else {
          throw GraphError.invalidValue(
            operation: primitive.name, reason: "\(type.shape.text) has too many elements to fold")
        }
      }
    }
    guard let value = try run(graph, rounding: .toType).outputs["value"] else {
      throw GraphError.invalidValue(operation: "reference", reason: "the tensor has no value")
    }
    return value.hostTensor
  }

  private static func evaluate(
    _ node: Node, _ inputs: [ReferenceTensor], _ state: ReferenceState
  ) throws -> [ReferenceTensor] {
    let name = node.primitive.name
    guard let primitive = node.primitive as? any ReferenceEvaluable else {
      throw GraphError.invalidValue(operation: name, reason: "has no reference meaning")
    }
    let types = try node.outputs.map { type in
      (shape: try type.shape.map { try $0.value(state.sources.symbols) }, dtype: type.dtype)
    }
    for type in types {
      guard let count = HostTensor.elementCount(of: type.shape), count <= elementLimit else {
        throw GraphError.invalidValue(
          operation: name, reason: "the shape \(type.shape) is too large for the reference")
      }
    }
    let outputs = try primitive.evaluate(inputs, outputTypes: types, state: state)
    let fits =
      outputs.count == types.count
      && zip(outputs, types).allSatisfy { output, type in
        output.shape == type.shape && output.dtype == type.dtype
          && output.values.count == HostTensor.elementCount(of: type.shape)
      }
    guard fits else {
      throw GraphError.shapeMismatch(
        operation: name, shapes: inputs.map { "\($0.shape)" },
        reason: "the value does not have the shape \(types.map(\.shape))")
    }
    return outputs
  }
}
