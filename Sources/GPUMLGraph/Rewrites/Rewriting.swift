extension Graph {
  /// Rebuilds the graph from the sources on, replacing nodes.
  ///
  /// - Parameter rule: Gets a node and its already rewritten operands, and returns the tensors
  ///   that stand for its outputs, or nil to keep it.
  /// - Throws: What the rule throws; `GraphError` if a replacement does not fit.
  package func rewritten(
    _ rule: (_ node: Node, _ inputs: [Tensor]) throws -> [Tensor]?
  ) throws -> Graph {
    var replacements: [ObjectIdentifier: [Tensor]] = [:]
    func replaced(_ tensor: Tensor) -> Tensor {
      replacements[ObjectIdentifier(tensor.node)]?[tensor.index] ?? tensor
    }
    for node in nodes {
      let inputs = node.inputs.map(replaced)
      if let tensors = try rule(node, inputs) {
        replacements[ObjectIdentifier(node)] = tensors
      } else if inputs != node.inputs {
        let copy = try Node(node.primitive, inputs)
        replacements[ObjectIdentifier(node)] = copy.outputs.indices.map { copy.output($0) }
      }
    }
    return try Graph(
      outputs: outputs.map { Output($0.name, replaced($0.tensor)) },
      updates: updates.map { Update(variable: $0.variable, value: replaced($0.value)) })
  }
}
