extension Graph {
  /// Applies local rules: transposes move into products, reshapes and transposes join, and
  /// operations that change nothing go.
  package func simplified() throws -> Graph {
    try rewritten { node, inputs in
      switch node.primitive {
      case let matmul as MatMul: try absorbingViews(matmul, node.outputs[0], inputs)
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

/// A product reads its operands' matrices transposed, and a batch's repeatedly, without a copy.
private func absorbingViews(
  _ matmul: MatMul, _ type: TensorType, _ inputs: [Tensor]
) throws -> [Tensor]? {
  var operands = inputs
  var transposes = [matmul.transposesLeft, matmul.transposesRight]
  for place in operands.indices {
    let source = operands[place].node
    if source.primitive is Expand {
      var trial = operands
      trial[place] = source.inputs[0]
      let product = MatMul(transposesLeft: transposes[0], transposesRight: transposes[1])
      // Only where the batch alone is repeated, and the other operand has its full shape.
      if (try? product.outputTypes(trial.map(\.type))) == [type] { operands = trial }
    } else if let transpose = source.primitive as? Transpose, transpose.exchangesMatrixAxes {
      operands[place] = source.inputs[0]
      transposes[place].toggle()
    }
  }
  if operands == inputs { return nil }
  let product = MatMul(transposesLeft: transposes[0], transposesRight: transposes[1])
  return [try product(operands[0], operands[1])]
}

extension Transpose {
  /// Whether the last two axes change places and no others.
  fileprivate var exchangesMatrixAxes: Bool {
    let rank = permutation.count
    return rank >= 2 && permutation == Array(0..<(rank - 2)) + [rank - 1, rank - 2]
  }
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
