import GPUMLGraph

/// Lion: every parameter moves by the learning rate, in the direction of a mean gradient's sign.
///
/// Its steps are as long whatever the gradient, so it takes a lower learning rate than Adam, and with
/// it a higher weight decay.
/// - SeeAlso: Chen et al. 2023, arXiv:2302.06675.
public struct Lion: Optimizer {
  /// How much of the mean gradient goes into the direction, in 0..<1.
  public var beta1: Double
  /// How much of the mean gradient stays from step to step, in 0..<1.
  public var beta2: Double
  /// The share of each parameter taken off, times the learning rate, at least 0.
  public var weightDecay: Double

  /// Sets the constants; they are checked when a training starts.
  public init(beta1: Double = 0.9, beta2: Double = 0.99, weightDecay: Double = 0) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.weightDecay = weightDecay
  }

  /// `lion`.
  public var name: String { "lion" }
  /// The constants.
  public static var constants: [(name: String, path: WritableKeyPath<Self, Double>)] {
    [("beta1", \.beta1), ("beta2", \.beta2), ("weight_decay", \.weightDecay)]
  }
  /// 0.001.
  public var defaultLearningRate: Double { 0.001 }

  /// One update primitive for all parameters.
  public func updates(
    _ parameters: [Variable], gradients: [Tensor], scale: Tensor?
  ) throws -> [Update] {
    try LionUpdate(beta1: beta1, beta2: beta2, weightDecay: weightDecay)
      .updates(parameters, gradients: gradients, scale: scale)
  }
}

extension Optimizer where Self == Lion {
  /// Lion: every parameter moves by the learning rate, in the direction of a mean gradient's sign.
  public static func lion(weightDecay: Double = 0) -> Lion { Lion(weightDecay: weightDecay) }
}
