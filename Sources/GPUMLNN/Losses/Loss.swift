import GPUMLGraph

/// How far a network's output is from what it should be, as one number to minimise.
public enum Loss: String, Sendable, Hashable, CaseIterable {
  /// The mean over the batch of the softmax cross-entropy between logits `[batch, classes]` and
  /// class indices `[batch]` as `int32`.
  case crossEntropy
  /// The mean of the squared differences between an output `[batch]`, `[batch, 1]` or of any shape,
  /// and a target of as many elements as `float32`.
  case meanSquaredError

  /// The element type of the targets.
  public var targetDType: DType {
    switch self {
    case .crossEntropy: .int32
    case .meanSquaredError: .float32
    }
  }

  /// The loss as a scalar.
  ///
  /// - Parameters:
  ///   - output: What the network gives.
  ///   - target: What it should give.
  /// - Throws: `GraphError` if shapes or types do not fit.
  public func callAsFunction(_ output: Tensor, target: Tensor) throws -> Tensor {
    switch self {
    case .crossEntropy: try output.softmaxCrossEntropy(labels: target).mean()
    case .meanSquaredError: try Loss.aligned(output, with: target).meanSquaredError(target: target)
    }
  }

  /// Drops or adds a last axis of size 1, so that `[batch, 1]` compares with `[batch]`.
  package static func aligned(_ output: Tensor, with target: Tensor) throws -> Tensor {
    if output.shape == target.shape + [1] || output.shape + [1] == target.shape {
      return try output.reshaped(to: target.shape)
    }
    return output
  }
}
