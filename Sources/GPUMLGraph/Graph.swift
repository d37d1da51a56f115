/// What a session plans and runs: named outputs, and updates of variables.
public struct Graph: Sendable {
  /// A result and its name.
  public struct Output: Sendable {
    /// The name under which a run returns it.
    public let name: String
    /// The result.
    public let tensor: Tensor

    /// Puts both together.
    public init(_ name: String, _ tensor: Tensor) {
      self.name = name
      self.tensor = tensor
    }
  }

  /// The results, in order.
  public let outputs: [Output]
  /// What variables become at the end of a step. All reads see the values from its beginning.
  public let updates: [Update]
  /// The inputs that a run must be given, in the order of first use.
  public let inputs: [Input]
  /// The nodes that outputs and updates need: operands first, and what decides a size before what
  /// names it.
  package let nodes: [Node]

  /// Collects what outputs and updates need.
  ///
  /// - Throws: `GraphError.invalidValue` if two inputs or outputs share a name, a variable is
  ///   updated twice, or a size that data decide depends on itself or is an input's;
  ///   `GraphError.shapeMismatch` if an update does not fit its variable.
  public init(outputs: [Output], updates: [Update] = []) throws {
    try self.init(stageOutputs: outputs, updates: updates)
    try checkDecidedSizes()
  }

  /// Collects one stage of a larger graph, whose inputs may have sizes that data have decided.
  package init(stageOutputs outputs: [Output], updates: [Update]) throws {
    self.outputs = outputs
    self.updates = updates
    nodes = try Graph.orderedBySizes(
      Graph.sorted(outputs.map(\.tensor) + updates.map(\.value)))
    inputs = nodes.compactMap { $0.primitive as? Input }
    try Graph.checkUnique(outputs.map(\.name), "output")
    try Graph.checkUnique(inputs.map(\.label), "input")
    guard Set(updates.map(\.variable)).count == updates.count else {
      throw GraphError.invalidValue(operation: "graph", reason: "a variable is updated twice")
    }
    for update in updates {
      let type = TensorType([Dim](update.variable.shape), update.variable.dtype)
      guard update.value.type == type else {
        throw GraphError.shapeMismatch(
          operation: "update", shapes: [type.shape.text, update.value.shape.text],
          reason: "a variable keeps its shape and type")
      }
    }
  }

  /// The variables that are read or updated, in the order of first use.
  public var variables: [Variable] {
    var seen: Set<Variable> = []
    return (nodes.compactMap(\.variable) + updates.map(\.variable)).filter {
      seen.insert($0).inserted
    }
  }

  /// The symbols that must get a value when a plan is made.
  public var symbols: Set<String> {
    nodes.reduce(into: []) { names, node in
      for type in node.outputs { for dim in type.shape { names.formUnion(dim.symbols) } }
    }
  }

  private static func checkUnique(_ names: [String], _ kind: String) throws {
    var seen: Set<String> = []
    for name in names where !seen.insert(name).inserted {
      throw GraphError.invalidValue(
        operation: "graph", reason: "two \(kind)s are called '\(name)'")
    }
  }

  /// Orders nodes so that operands come first; always in the same way for the same graph.
  package static func sorted(_ roots: [Tensor]) -> [Node] {
    var order: [Node] = []
    var done: Set<ObjectIdentifier> = []
    // An explicit stack: graphs may be deeper than the call stack allows.
    var stack = roots.reversed().map { (node: $0.node, next: 0) }
    while var top = stack.popLast() {
      if done.contains(ObjectIdentifier(top.node)) { continue }
      if top.next < top.node.inputs.count {
        let operand = top.node.inputs[top.next].node
        top.next += 1
        stack.append(top)
        if !done.contains(ObjectIdentifier(operand)) { stack.append((operand, 0)) }
      } else {
        done.insert(ObjectIdentifier(top.node))
        order.append(top.node)
      }
    }
    return order
  }
}

/// The value that a variable takes at the end of a step.
public struct Update: Sendable {
  /// The variable.
  public let variable: Variable
  /// Its next value, of the same shape and type.
  public let value: Tensor

  /// Puts both together.
  public init(variable: Variable, value: Tensor) {
    self.variable = variable
    self.value = value
  }
}
