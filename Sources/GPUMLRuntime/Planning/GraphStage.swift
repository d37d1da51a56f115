import GPUMLGraph

/// A part of a graph that can be planned as soon as the stages before it have run.
package struct GraphStage: Sendable {
  /// What the stage computes; what earlier stages computed is among its inputs.
  package let graph: Graph
  /// The outputs that tell sizes, with the symbols that they are values of.
  package let sizes: [String: String]
  /// The outputs that later stages take as inputs of the same name.
  package let carried: Set<String>
  /// Whether the step ends with this stage, so that random numbers go on to the next; nil where the
  /// stage is the whole graph and decides by itself.
  package let advancesState: Bool?
  /// The symbols that the stage names.
  package let symbols: Set<String>
}

extension Graph {
  /// Whether a step draws random numbers.
  package var drawsRandomNumbers: Bool { nodes.contains { $0.primitive is any RandomPrimitive } }

  /// Cuts the graph where sizes are decided by data.
  ///
  /// A graph without such sizes is one stage. Otherwise everything runs as late as it can: a stage but
  /// the last computes only what decides the sizes of later ones. Sources are there for every stage;
  /// other results that more than one stage needs are carried on. Updates belong to the last stage.
  ///
  /// - Throws: `RuntimeError.unsupported` if there would be more than 64 stages, or a size depends
  ///   on an optimizer's update.
  package func stages() throws -> [GraphStage] {
    if dataDependentSymbols.isEmpty {
      return [
        GraphStage(graph: self, sizes: [:], carried: [], advancesState: nil, symbols: symbols)
      ]
    }
    return try Staging(self).cut()
  }
}

/// The cut of a graph into stages.
private struct Staging {
  private let graph: Graph
  /// The last stage.
  private var last = 0
  /// The stage before which a size must be known, by symbol.
  private var deadlines: [String: Int] = [:]
  /// The stage in which each node runs.
  private var numbers: [ObjectIdentifier: Int] = [:]
  /// Begins the names of what is carried, and no name of the graph.
  private var prefix = "#"

  private static let mostStages = 64

  init(_ graph: Graph) throws {
    self.graph = graph
    let names = graph.inputs.map(\.label) + graph.outputs.map(\.name)
    while names.contains(where: { $0.hasPrefix(prefix) }) { prefix += "#" }
    findDeadlines()
    guard last < Staging.mostStages else {
      throw RuntimeError.unsupported(
        primitive: NonZero.name,
        reason: "\(last) sizes depend on one another; at most \(Staging.mostStages - 1)")
    }
    placeNodes()
    for node in graph.nodes where node.primitive is any UpdatePrimitive && stage(node) < last {
      throw RuntimeError.unsupported(
        primitive: node.primitive.name, reason: "a size depends on its result")
    }
  }

  /// Finds for each node the first stage in which it could run.
  private mutating func findDeadlines() {
    var earliest: [ObjectIdentifier: Int] = [:]
    for node in graph.nodes {
      var first = node.inputs.reduce(0) { max($0, earliest[ObjectIdentifier($1.node)] ?? 0) }
      for symbol in node.mentionedSymbols { first = max(first, deadlines[symbol] ?? 0) }
      if let symbol = node.decidedSymbol {
        first += 1
        deadlines[symbol] = first
      }
      earliest[ObjectIdentifier(node)] = first
      last = max(last, first)
    }
  }

  /// Lets each node run as late as those allow that need it.
  private mutating func placeNodes() {
    for node in graph.nodes.reversed() {
      let own = stage(node)
      numbers[ObjectIdentifier(node)] = own
      // To be counted, an operand must be there a stage before the size is.
      let needed = node.decidedSymbol.flatMap { deadlines[$0] }.map { $0 - 1 } ?? own
      for operand in node.inputs {
        numbers[ObjectIdentifier(operand.node)] = min(stage(operand.node), needed)
      }
    }
  }

  private func stage(_ node: Node) -> Int { numbers[ObjectIdentifier(node)] ?? last }

  /// Whether each stage can have the node's result without being given it.
  private func isSource(_ node: Node) -> Bool { node.inputs.isEmpty }

  func cut() throws -> [GraphStage] {
    var parts = (0...last).map { StagePart(number: $0) }
    var carried: [Tensor: String] = [:]
    /// A tensor as a stage sees it: computed there, or carried from an earlier stage.
    func local(_ tensor: Tensor, in number: Int) throws -> Tensor {
      let origin = stage(tensor.node)
      if isSource(tensor.node) { return tensor }
      if origin == number { return parts[number].computed[tensor] ?? tensor }
      if let known = parts[number].given[tensor] { return known }
      let name = carried[tensor] ?? "\(prefix)\(carried.count)"
      if carried.updateValue(name, forKey: tensor) == nil {
        parts[origin].outputs.append(
          Graph.Output(name, parts[origin].computed[tensor] ?? tensor))
        parts[origin].carried.insert(name)
      }
      let input = try Tensor.input(name, shape: tensor.shape, dtype: tensor.dtype)
      parts[number].given[tensor] = input
      return input
    }
    for node in graph.nodes where !isSource(node) {
      let number = stage(node)
      let inputs = try node.inputs.map { try local($0, in: number) }
      let copy = inputs == node.inputs ? node : try Node(node.primitive, inputs)
      for index in node.outputs.indices {
        parts[number].computed[node.output(index)] = copy.output(index)
      }
      if let decider = node.primitive as? any DataDependentPrimitive,
        let deadline = deadlines[decider.symbol]
      {
        let operands = try node.inputs.map { try local($0, in: deadline - 1) }
        let name = "\(prefix)size \(decider.symbol)"
        let size = try Node(decider.counter, operands).output()
        parts[deadline - 1].outputs.append(Graph.Output(name, size))
        parts[deadline - 1].sizes[name] = decider.symbol
      }
    }
    for output in graph.outputs {
      let number = isSource(output.tensor.node) ? last : stage(output.tensor.node)
      let tensor = try local(output.tensor, in: number)
      parts[number].outputs.append(Graph.Output(output.name, tensor))
    }
    let updates = try graph.updates.map {
      Update(variable: $0.variable, value: try local($0.value, in: last))
    }
    let draws = graph.drawsRandomNumbers
    return try parts.map { part in
      let isLast = part.number == last
      let graph = try Graph(stageOutputs: part.outputs, updates: isLast ? updates : [])
      return GraphStage(
        graph: graph, sizes: part.sizes, carried: part.carried, advancesState: isLast && draws,
        symbols: graph.nodes.reduce(into: []) { $0.formUnion($1.mentionedSymbols) })
    }
  }
}

/// What a stage is put together from.
private struct StagePart {
  let number: Int
  var outputs: [Graph.Output] = []
  var sizes: [String: String] = [:]
  var carried: Set<String> = []
  /// The stage's own results, by what they are in the whole graph.
  var computed: [Tensor: Tensor] = [:]
  /// What earlier stages give it.
  var given: [Tensor: Tensor] = [:]
}
