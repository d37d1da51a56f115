import GPUMLGraph

/// LAMB: Adam whose step is as long, for each parameter tensor, as the tensor's norm says; for large
/// batches.
///
/// - SeeAlso: You et al. 2019, arXiv:1904.00962.
public struct LAMB: Optimizer {
  /// How much of the mean gradient stays from step to step, in 0..<1.
  public var beta1: Double
  /// How much of the mean squared gradient stays from step to step, in 0..<1.
  public var beta2: Double
  /// Added to the root of the mean squared gradient, above 0.
  public var epsilon: Double
  /// The share of each parameter added to its step, at least 0.
  public var weightDecay: Double

  /// Sets the constants; they are checked when a training starts.
  public init(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-6, weightDecay: Double = 0.01
  ) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  /// `lamb`.
  public var name: String { "lamb" }
  /// The constants.
  public static var constants: [(name: String, path: WritableKeyPath<Self, Double>)] {
    [
      ("beta1", \.beta1), ("beta2", \.beta2), ("epsilon", \.epsilon),
      ("weight_decay", \.weightDecay),
    ]
  }
  /// 0.01.
  public var defaultLearningRate: Double { 0.01 }

  /// One update primitive for all parameters.
  public func updates(
    _ parameters: [Variable], gradients: [Tensor], scale: Tensor?
  ) throws -> [Update] {
    try LAMBUpdate(beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay)
      .updates(parameters, gradients: gradients, scale: scale)
  }
}

extension Optimizer where Self == LAMB {
  /// LAMB: Adam whose step is as long, for each parameter tensor, as the tensor's norm says.
  public static func lamb(weightDecay: Double = 0.01) -> LAMB { LAMB(weightDecay: weightDecay) }
}
