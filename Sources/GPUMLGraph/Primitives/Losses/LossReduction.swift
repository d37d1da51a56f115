/// What becomes of the losses of all elements.
public enum LossReduction: String, Sendable, Hashable, CaseIterable {
  /// Their mean, a scalar; NaN of no elements.
  case mean
  /// Their sum, a scalar.
  case sum
  /// Nothing: one loss an element.
  case none
}

extension Tensor {
  /// The mean or the sum of losses, or the losses themselves.
  package func reducedLoss(_ reduction: LossReduction) throws -> Tensor {
    switch reduction {
    case .mean: try mean()
    case .sum: try sum()
    case .none: self
    }
  }

  /// Checks that a target has this tensor's shape and a floating-point type, this tensor's.
  package func expectTarget(_ target: Tensor, operation: String) throws {
    guard dtype.isFloating else {
      throw GraphError.unsupportedDType(operation: operation, dtype: dtype)
    }
    guard target.dtype == dtype else {
      throw GraphError.invalidValue(
        operation: operation,
        reason: "the operands are \(dtype) and \(target.dtype); cast one of them")
    }
    guard target.shape == shape else {
      throw GraphError.shapeMismatch(
        operation: operation, shapes: [shape.text, target.shape.text], reason: "the shapes differ")
    }
  }

  /// Checks that weights stretch to this tensor's shape.
  package func expectWeights(_ weights: Tensor?, _ label: String, operation: String) throws {
    guard let weights, !Broadcasting.stretches(weights.shape, to: shape) else { return }
    throw GraphError.shapeMismatch(
      operation: operation, shapes: [shape.text, weights.shape.text],
      reason: "the \(label) do not stretch to the operand")
  }
}
