import GPUMLGraph

/// Normalises each channel to mean 0 and variance 1 over the batch, then scales and shifts it; in
/// inference with moving averages of the batches' means and variances.
///
/// Takes and gives `[batch, channels, …]`.
///
/// - SeeAlso: Ioffe and Szegedy 2015, arXiv:1502.03167.
public struct BatchNormalization: Module {
  static let layerName = "batch-norm"

  /// The scale γ, shape `[channels]`, 1 at first.
  public let gamma: Variable
  /// The shift β, shape `[channels]`, 0 at first.
  public let beta: Variable
  /// The moving averages, each `[channels]`.
  public let statistics: RunningStatistics
  /// The share of a batch in the moving averages.
  public let momentum: Double
  /// What is added to the variance.
  public let epsilon: Double

  /// `BatchNorm`.
  public var kind: String { "BatchNorm" }
  /// What model files call the layer.
  public var definition: LayerDefinition? {
    LayerDefinition(
      BatchNormalization.layerName, ["momentum": "\(momentum)", "epsilon": "\(epsilon)"])
  }

  /// Declares scale, shift and moving averages.
  ///
  /// - Parameters:
  ///   - channels: The size of the second axis, at least 1.
  ///   - momentum: The share of a batch in the moving averages, above 0 and at most 1.
  ///   - epsilon: Added to the variance, above 0.
  /// - Throws: `NNError.invalidLayer` if one is out of range.
  public init(channels: Int, momentum: Double = 0.1, epsilon: Double = 1e-5) throws {
    let kind = BatchNormalization.layerName
    try LayerCheck.size(channels, of: kind)
    try LayerCheck.epsilon(epsilon, of: kind)
    guard momentum > 0, momentum <= 1 else {
      throw NNError.invalidLayer(
        kind: kind, reason: "momentum \(momentum) is not above 0 and at most 1")
    }
    gamma = try Variable(shape: [channels], initializer: .constant(1))
    beta = try Variable(shape: [channels])
    statistics = try RunningStatistics(channels: channels)
    self.momentum = momentum
    self.epsilon = epsilon
  }

  /// Scale, shift and the moving averages.
  public var variables: [(name: String, variable: Variable)] {
    [
      ("weight", gamma), ("bias", beta), ("running_mean", statistics.mean),
      ("running_variance", statistics.variance),
    ]
  }

  /// Normalises each channel.
  public func callAsFunction(_ x: Tensor, in context: ForwardContext) throws -> Tensor {
    switch context.mode {
    case .inference:
      return try x.batchNorm(
        using: statistics, gamma: gamma.tensor, beta: beta.tensor, epsilon: epsilon)
    case .training:
      let batch = try x.batchNorm(gamma: gamma.tensor, beta: beta.tensor, epsilon: epsilon)
      context.update(try statistics.updates(with: batch, momentum: momentum))
      return batch.output
    }
  }
}
