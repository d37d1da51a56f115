/// Extends the graph backwards: the gradients of a scalar with respect to tensors.
///
/// - Parameters:
///   - loss: A scalar of a floating-point type.
///   - targets: What to differentiate by, such as `variable.tensor`.
/// - Returns: One gradient a target, of its shape and type; zero where the loss does not depend
///   on it.
/// - Throws: `GraphError.notDifferentiable` if the loss is no floating-point scalar, or if a
///   primitive without a gradient lies between it and a target.
public func gradients(of loss: Tensor, withRespectTo targets: [Tensor]) throws -> [Tensor] {
  guard loss.shape.elementCount == 1, loss.dtype.isFloating else {
    throw GraphError.notDifferentiable(
      operation: loss.node.primitive.name,
      reason: "the loss is \(loss.dtype) \(loss.shape.text), not a floating-point scalar")
  }
  let nodes = Graph.sorted([loss])
  let wanted = Set(targets)
  let dependent = nodesDepending(on: wanted, among: nodes)
  var flow: [Tensor: Tensor] = [
    loss: try Tensor.constant(1, dtype: loss.dtype).expanded(to: loss.shape)
  ]
  for node in nodes.reversed() where dependent.contains(ObjectIdentifier(node)) {
    let outputs = node.outputs.indices.map { node.output($0) }
    let upstream = outputs.map { flow[$0] }
    if node.inputs.isEmpty || upstream.allSatisfy({ $0 == nil }) { continue }
    let primitive = type(of: node.primitive)
    switch primitive.differentiability {
    case .differentiable: break
    case .zero: continue
    case .none(let reason):
      throw GraphError.notDifferentiable(operation: primitive.name, reason: reason)
    }
    let step = BackwardStep(inputs: node.inputs, outputs: outputs, upstream: upstream)
    for (operand, gradient) in zip(node.inputs, try node.primitive.gradient(step)) {
      guard let gradient, wanted.contains(operand) || dependent.contains(operand.node) else {
        continue
      }
      flow[operand] = try flow[operand].map { try $0 + gradient } ?? gradient
    }
  }
  return try targets.map { target in
    if let gradient = flow[target] { return gradient }
    return try Tensor.constant(0, dtype: target.dtype).expanded(to: target.shape)
  }
}

/// The nodes through which a loss depends on one of the targets.
private func nodesDepending(
  on targets: Set<Tensor>, among nodes: [Node]
) -> Set<ObjectIdentifier> {
  var dependent: Set<ObjectIdentifier> = []
  for node in nodes {
    let isTarget = node.outputs.indices.contains { targets.contains(node.output($0)) }
    let passesOn = node.inputs.contains { operand in
      operand.dtype.isFloating
        && (targets.contains(operand) || dependent.contains(operand.node))
    }
    if isTarget || passesOn { dependent.insert(ObjectIdentifier(node)) }
  }
  return dependent
}

extension Set<ObjectIdentifier> {
  fileprivate func contains(_ node: Node) -> Bool { contains(ObjectIdentifier(node)) }
}
