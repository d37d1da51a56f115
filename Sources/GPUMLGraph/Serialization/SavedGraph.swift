/// A graph in the form in which a model file keeps it: nodes by index, operands first.
///
/// Only the forward part is saved: outputs and what they need, no updates. The values of variables
/// are kept apart, under the names given here. Version 1.
package struct SavedGraph: Codable, Sendable, Equatable {
  /// The version this code writes and the newest it reads.
  package static let currentVersion = 1

  /// One application of a primitive.
  package struct Node: Codable, Sendable, Equatable {
    /// The primitive's name.
    package var op: String
    /// The name of the variable that is read; nil for every other primitive.
    package var name: String?
    /// The primitive's attributes; nil means none.
    package var attributes: Attributes?
    /// The operands: index of an earlier node and index of its output; nil means none.
    package var inputs: [[Int]]?
  }

  /// One named result.
  package struct Output: Codable, Sendable, Equatable {
    /// The name of the result.
    package var name: String
    /// The index of the node.
    package var node: Int
    /// The index of the node's output.
    package var output: Int
  }

  /// The version of the form.
  package var version: Int
  /// The nodes; each refers only to earlier ones.
  package var nodes: [Node]
  /// The results, in order.
  package var outputs: [Output]
}

extension Graph {
  /// The graph's forward part in the form of a model file.
  ///
  /// - Parameter names: A name of its own for each variable that the outputs read.
  /// - Throws: `GraphError.invalidValue` if a variable has no name or two share one.
  package func saved(names: [Variable: String]) throws -> SavedGraph {
    let nodes = Graph.sorted(outputs.map(\.tensor))
    var places: [ObjectIdentifier: Int] = [:]
    var owners: [String: Variable] = [:]
    // Counted within the graph, so that its text does not tell what else was built before.
    let decided = nodes.compactMap(\.decidedSymbol).enumerated()
    let symbols = Dictionary(
      decided.map { ($0.element, FreshSymbol.name($0.offset)) }, uniquingKeysWith: { $1 })
    let saved = try nodes.enumerated().map { place, node in
      places[ObjectIdentifier(node)] = place
      var name: String?
      if let variable = node.variable {
        guard let given = names[variable] else {
          throw GraphError.invalidValue(
            operation: "save", reason: "a variable \(variable.shape) has no name")
        }
        guard owners[given, default: variable] == variable else {
          throw GraphError.invalidValue(
            operation: "save", reason: "two variables are called '\(given)'")
        }
        owners[given] = variable
        name = given
      }
      try node.checkSavedLimits()
      let attributes = node.primitive.attributes.renaming(symbols, of: node.primitive.name)
      let inputs = node.inputs.compactMap { tensor in
        places[ObjectIdentifier(tensor.node)].map { [$0, tensor.index] }
      }
      return SavedGraph.Node(
        op: node.primitive.name, name: name,
        attributes: attributes.values.isEmpty ? nil : attributes,
        inputs: inputs.isEmpty ? nil : inputs)
    }
    return SavedGraph(
      version: SavedGraph.currentVersion, nodes: saved,
      outputs: outputs.compactMap { output in
        places[ObjectIdentifier(output.tensor.node)].map {
          SavedGraph.Output(name: output.name, node: $0, output: output.tensor.index)
        }
      })
  }
}
