import Synchronization

/// One application of a primitive to tensors.
package final class Node: Sendable {
  package let primitive: any Primitive
  package let outputs: [TensorType]
  /// The operands; only `deinit` ever takes them out.
  private let operands: Mutex<[Tensor]>

  /// Applies the shape rule.
  package init(_ primitive: any Primitive, _ inputs: [Tensor]) throws {
    self.primitive = primitive
    outputs = try primitive.outputTypes(inputs.map(\.type))
    for type in outputs where type.shape.contains(where: { ($0.constant ?? 0) < 0 }) {
      throw GraphError.shapeMismatch(
        operation: primitive.name, shapes: [type.shape.text], reason: "a size is negative")
    }
    operands = Mutex(inputs)
  }

  /// The operands.
  package var inputs: [Tensor] { operands.withLock { $0 } }

  package func output(_ index: Int = 0) -> Tensor { Tensor(node: self, index: index) }

  private func takeOperands() -> [Node] {
    operands.withLock { operands in
      defer { operands = [] }
      return operands.map(\.node)
    }
  }

  deinit {
    // Left to itself, the release of a long chain would recurse once a node and overflow the stack.
    var pending = takeOperands()
    while var node = pending.popLast() {
      if isKnownUniquelyReferenced(&node) { pending += node.takeOperands() }
    }
  }
}
