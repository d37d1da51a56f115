import GPUMLGraph
import GPUMLReference

extension Graph {
  /// Computes what depends on constants alone, up to a size that is worth keeping in the graph.
  package func foldingConstants() throws -> Graph {
    let mostElements = 4096
    return try rewritten { node, inputs in
      guard !inputs.isEmpty, inputs.allSatisfy({ $0.isFoldable }),
        node.outputs.count == 1, !(node.primitive is any RandomPrimitive),
        let count = node.outputs[0].shape.elementCount.constant,
        // Of no elements there is nothing to compute, but there may be a great many axes' places.
        1...mostElements ~= count
      else { return nil }
      // A number stretched to a shape is better left to the kernel that uses it.
      if node.primitive is Expand { return nil }
      // A slice may begin where only a plan knows.
      if !node.primitive.attributes.symbols.isEmpty { return nil }
      let value = try ReferenceEvaluator.value(of: Node(node.primitive, inputs).output())
      return value.isExactInDouble ? [try Tensor.constant(value)] : nil
    }
  }
}

extension Tensor {
  /// Whether it is a constant that the reference, which computes in float64, keeps as it is.
  fileprivate var isFoldable: Bool {
    (node.primitive as? Constant)?.value.isExactInDouble ?? false
  }
}
