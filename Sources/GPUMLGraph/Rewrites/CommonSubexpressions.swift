extension Graph {
  /// Merges nodes that compute the same from the same operands.
  ///
  /// Reads of one variable merge; variables, however alike, stay apart. Random primitives are
  /// told apart by their stream.
  package func mergingCommonSubexpressions() throws -> Graph {
    struct Key: Hashable {
      let name: String
      let attributes: Attributes
      let inputs: [Tensor]
      let variable: Variable?
    }
    var known: [Key: Node] = [:]
    return try rewritten { node, inputs in
      let key = Key(
        name: node.primitive.name, attributes: node.primitive.attributes, inputs: inputs,
        variable: node.variable)
      let merged: Node
      if let twin = known[key] {
        merged = twin
      } else {
        merged = inputs == node.inputs ? node : try Node(node.primitive, inputs)
        known[key] = merged
      }
      return merged === node ? nil : merged.outputs.indices.map { merged.output($0) }
    }
  }
}
