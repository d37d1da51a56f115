extension Graph {
  /// Applies local rules: transposes move into products, reshapes and transposes join, and
  /// operations that change nothing go.
  package func simplified() throws -> Graph {
    try rewritten { node, inputs in
      switch node.primitive {
      case let matmul as MatMul: try absorbingTransposes(matmul, inputs)
      case is Transpose: try joiningTransposes(node, inputs)
      case let reshape as Reshape:
        if let inner = inputs[0].node.primitive as? Reshape, inner.shape != reshape.shape {
          [try inputs[0].node.inputs[0].reshaped(to: reshape.shape)]
        } else if inputs[0].shape == reshape.shape {
          [inputs[0]]
        } else {
          nil
        }
      case is Multiply: withoutNeutral(1, inputs)
      case is Divide: inputs[1].isNumber(1) ? keeping(inputs[0], of: inputs) : nil
      case is Add: withoutNeutral(0, inputs)
      case is Subtract: inputs[1].isNumber(0) ? keeping(inputs[0], of: inputs) : nil
      case is Expand: inputs[0].shape == node.outputs[0].shape ? [inputs[0]] : nil
      default: nil
      }
    }
  }
}

private func absorbingTransposes(_ matmul: MatMul, _ inputs: [Tensor]) throws -> [Tensor]? {
  let left = inputs[0].node.primitive is Transpose
  let right = inputs[1].node.primitive is Transpose
  if !left && !right { return nil }
  let product = MatMul(
    transposesLeft: matmul.transposesLeft != left, transposesRight: matmul.transposesRight != right)
  return [
    try product(
      left ? inputs[0].node.inputs[0] : inputs[0], right ? inputs[1].node.inputs[0] : inputs[1])
  ]
}

private func joiningTransposes(_ node: Node, _ inputs: [Tensor]) throws -> [Tensor]? {
  guard let outer = node.primitive as? Transpose else { return nil }
  if outer.permutation == Array(outer.permutation.indices) { return [inputs[0]] }
  guard let inner = inputs[0].node.primitive as? Transpose else { return nil }
  let joined = outer.permutation.map { inner.permutation[$0] }
  let source = inputs[0].node.inputs[0]
  return [joined == Array(joined.indices) ? source : try Transpose(joined)(source)]
}

/// The other operand where one is a number that changes nothing.
private func withoutNeutral(_ value: Double, _ inputs: [Tensor]) -> [Tensor]? {
  // x + 0 turns −0 into 0, which compares equal; NaN and infinities stay what they are.
  if inputs[1].isNumber(value) { return keeping(inputs[0], of: inputs) }
  if inputs[0].isNumber(value) { return keeping(inputs[1], of: inputs) }
  return nil
}

/// The tensor, if dropping the other operand does not change the broadcast shape.
private func keeping(_ tensor: Tensor, of inputs: [Tensor]) -> [Tensor]? {
  Broadcasting.shape(inputs[0].shape, inputs[1].shape) == tensor.shape ? [tensor] : nil
}

extension Tensor {
  /// Whether the tensor is a constant all of whose elements are `value`.
  fileprivate func isNumber(_ value: Double) -> Bool {
    if node.primitive is Expand { return node.inputs[0].isNumber(value) }
    guard let constant = node.primitive as? Constant, constant.value.count == 1 else {
      return false
    }
    return constant.value.doubles == [value]
  }
}
