extension Graph {
  /// Restores a graph and its variables.
  ///
  /// Several nodes that read a variable of one name read the same variable.
  ///
  /// - Returns: The graph, and its variables by name in the order of first use; their values are
  ///   yet to be loaded.
  /// - Throws: `GraphError.malformed`, or the error of a shape rule, if anything does not fit.
  package static func restored(_ saved: SavedGraph) throws -> (Graph, [NamedVariable]) {
    guard saved.version == SavedGraph.currentVersion else {
      throw GraphError.malformed(
        reason: saved.version > SavedGraph.currentVersion
          ? "version \(saved.version) is newer than \(SavedGraph.currentVersion), the newest known"
          : "there is no version \(saved.version)")
    }
    var restorer = Restorer(symbols: try saved.freshSymbols())
    for (place, node) in saved.nodes.enumerated() { try restorer.add(node, at: place) }
    let outputs = try saved.outputs.map { output in
      Output(
        output.name,
        try restorer.tensor([output.node, output.output], "output '\(output.name)'"))
    }
    let graph = try Graph(outputs: outputs)
    let used = Set(graph.variables)
    return (graph, restorer.variables.filter { used.contains($0.variable) })
  }

  /// Restores a graph whose variables are not asked for.
  package init(saved: SavedGraph) throws { self = try Graph.restored(saved).0 }
}

/// The nodes restored so far.
private struct Restorer {
  /// New names of the symbols that data decide.
  let symbols: [String: String]
  private var nodes: [Node] = []
  private var byName: [String: Variable] = [:]
  private(set) var variables: [NamedVariable] = []

  init(symbols: [String: String]) { self.symbols = symbols }

  mutating func add(_ saved: SavedGraph.Node, at place: Int) throws {
    let label = "node \(place) '\(saved.op)'"
    let inputs = try (saved.inputs ?? []).map { try tensor($0, label) }
    let primitive = try PrimitiveRegistry.primitive(
      named: saved.op, (saved.attributes ?? Attributes()).renaming(symbols, of: saved.op))
    let node = try Node(primitive, inputs)
    try node.checkSavedLimits()
    nodes.append(try node.variable.map { try self.variable($0, saved.name, label) } ?? node)
    if node.variable == nil, saved.name != nil {
      throw GraphError.malformed(reason: "\(label) has a name but reads no variable")
    }
  }

  func tensor(_ reference: [Int], _ label: String) throws -> Tensor {
    guard reference.count == 2 else {
      throw GraphError.malformed(reason: "\(label): an operand is not [node, output]")
    }
    guard nodes.indices.contains(reference[0]) else {
      throw GraphError.malformed(
        reason: "\(label) takes node \(reference[0]), which is not before it")
    }
    let node = nodes[reference[0]]
    guard node.outputs.indices.contains(reference[1]) else {
      throw GraphError.malformed(
        reason: "\(label) takes output \(reference[1]) of node \(reference[0]), "
          + "which has \(node.outputs.count)")
    }
    return node.output(reference[1])
  }

  /// The node that reads the variable called `name`.
  private mutating func variable(
    _ variable: Variable, _ name: String?, _ label: String
  ) throws -> Node {
    guard let name, !name.isEmpty else {
      throw GraphError.malformed(reason: "\(label) has no name")
    }
    if let known = byName[name] {
      guard known.shape == variable.shape, known.dtype == variable.dtype,
        known.role == variable.role
      else {
        throw GraphError.malformed(
          reason: "the variable '\(name)' is read with different types or roles")
      }
      return known.tensor.node
    }
    byName[name] = variable
    variables.append(NamedVariable(name: name, variable: variable))
    return variable.tensor.node
  }
}
