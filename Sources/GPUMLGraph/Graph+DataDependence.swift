extension Node {
  /// The symbols that the node's shapes or attributes name.
  package var mentionedSymbols: Set<String> {
    var names: Set<String> = []
    for type in outputs { for dim in type.shape { names.formUnion(dim.symbols) } }
    for case .dims(let dims) in primitive.attributes.values.values {
      for dim in dims { names.formUnion(dim.symbols) }
    }
    return names
  }

  /// The symbol whose value the node's operand decides.
  package var decidedSymbol: String? { (primitive as? any DataDependentPrimitive)?.symbol }
}

extension Graph {
  /// The symbols whose values are decided by data.
  package var dataDependentSymbols: Set<String> { Set(nodes.compactMap(\.decidedSymbol)) }

  /// Orders nodes so that a size is decided before a node that names it.
  ///
  /// - Parameter nodes: Operands first.
  /// - Throws: `GraphError.invalidValue` if two nodes decide one symbol or a size depends on itself.
  static func orderedBySizes(_ nodes: [Node]) throws -> [Node] {
    var deciders: [String: Node] = [:]
    for node in nodes {
      guard let symbol = node.decidedSymbol else { continue }
      guard deciders.updateValue(node, forKey: symbol) == nil else {
        throw GraphError.invalidValue(
          operation: node.primitive.name, reason: "two decide the size '\(symbol)'")
      }
    }
    if deciders.isEmpty { return nodes }
    func dependencies(_ node: Node) -> [Node] {
      let own = node.decidedSymbol
      let sizes = node.mentionedSymbols.filter { $0 != own }.sorted()
      return node.inputs.map(\.node) + sizes.compactMap { deciders[$0] }
    }
    var order: [Node] = []
    var open: Set<ObjectIdentifier> = []
    var done: Set<ObjectIdentifier> = []
    for root in nodes where !done.contains(ObjectIdentifier(root)) {
      var stack = [(node: root, rest: dependencies(root)[...])]
      open.insert(ObjectIdentifier(root))
      while var top = stack.popLast() {
        guard let next = top.rest.popFirst() else {
          done.insert(ObjectIdentifier(top.node))
          order.append(top.node)
          continue
        }
        stack.append(top)
        if done.contains(ObjectIdentifier(next)) { continue }
        guard open.insert(ObjectIdentifier(next)).inserted else {
          throw GraphError.invalidValue(
            operation: next.primitive.name, reason: "a size depends on itself")
        }
        stack.append((next, dependencies(next)[...]))
      }
    }
    return order
  }

  /// Checks that no input tells a size that data decides.
  func checkDecidedSizes() throws {
    let decided = dataDependentSymbols
    if decided.isEmpty { return }
    for input in inputs {
      let names = input.type.shape.reduce(into: Set<String>()) { $0.formUnion($1.symbols) }
      guard let name = names.intersection(decided).min() else { continue }
      throw GraphError.invalidValue(
        operation: "input '\(input.label)'", reason: "its size '\(name)' is decided by other data")
    }
  }
}
