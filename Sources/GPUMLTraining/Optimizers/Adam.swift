import GPUMLGraph

/// Adam; its weight decay is added to the gradient.
///
/// - SeeAlso: Kingma and Ba 2014, arXiv:1412.6980.
public struct Adam: Optimizer {
  /// How much of the mean gradient stays from step to step, in 0..<1.
  public var beta1: Double
  /// How much of the mean squared gradient stays from step to step, in 0..<1.
  public var beta2: Double
  /// Added to the root of the mean squared gradient, above 0.
  public var epsilon: Double
  /// The share of each parameter added to its gradient, at least 0.
  public var weightDecay: Double

  /// Sets the constants; they are checked when a training starts.
  public init(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0
  ) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  /// `adam`.
  public var name: String { "adam" }
  /// The constants.
  public static var constants: [(name: String, path: WritableKeyPath<Self, Double>)] {
    [
      ("beta1", \.beta1), ("beta2", \.beta2), ("epsilon", \.epsilon),
      ("weight_decay", \.weightDecay),
    ]
  }
  /// 0.003.
  public var defaultLearningRate: Double { 0.003 }

  /// One update primitive for all parameters.
  public func updates(
    _ parameters: [Variable], gradients: [Tensor], scale: Tensor?
  ) throws -> [Update] {
    try AdamUpdate(beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay)
      .updates(parameters, gradients: gradients, scale: scale)
  }
}

/// Adam with decoupled weight decay: a share of each parameter, times the learning rate, is taken
/// off at each step.
///
/// - SeeAlso: Loshchilov and Hutter 2017, arXiv:1711.05101.
public struct AdamW: Optimizer {
  /// How much of the mean gradient stays from step to step, in 0..<1.
  public var beta1: Double
  /// How much of the mean squared gradient stays from step to step, in 0..<1.
  public var beta2: Double
  /// Added to the root of the mean squared gradient, above 0.
  public var epsilon: Double
  /// The share of each parameter taken off, times the learning rate, at least 0.
  public var weightDecay: Double

  /// Sets the constants; they are checked when a training starts.
  public init(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0.01
  ) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  /// `adamw`.
  public var name: String { "adamw" }
  /// The constants.
  public static var constants: [(name: String, path: WritableKeyPath<Self, Double>)] {
    [
      ("beta1", \.beta1), ("beta2", \.beta2), ("epsilon", \.epsilon),
      ("weight_decay", \.weightDecay),
    ]
  }
  /// 0.003.
  public var defaultLearningRate: Double { 0.003 }

  /// One update primitive for all parameters.
  public func updates(
    _ parameters: [Variable], gradients: [Tensor], scale: Tensor?
  ) throws -> [Update] {
    try AdamUpdate(
      beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay, decoupled: true
    ).updates(parameters, gradients: gradients, scale: scale)
  }
}

extension Optimizer where Self == Adam {
  /// Adam; its weight decay is added to the gradient.
  public static func adam(weightDecay: Double = 0) -> Adam { Adam(weightDecay: weightDecay) }
}

extension Optimizer where Self == AdamW {
  /// Adam with decoupled weight decay.
  public static func adamW(weightDecay: Double = 0.01) -> AdamW { AdamW(weightDecay: weightDecay) }
}
