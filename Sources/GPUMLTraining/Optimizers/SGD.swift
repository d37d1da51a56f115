import GPUMLGraph

/// Stochastic gradient descent, with momentum if asked for.
///
/// - SeeAlso: Sutskever et al. 2013, "On the importance of initialization and momentum".
public struct SGD: Optimizer {
  /// How much of the last step goes into the next, in 0..<1.
  public var momentum: Double
  /// Whether the gradient is taken ahead of the step.
  public var nesterov: Bool
  /// The share of each parameter added to its gradient, at least 0.
  public var weightDecay: Double

  /// Sets the constants; they are checked when a training starts.
  public init(momentum: Double = 0, nesterov: Bool = false, weightDecay: Double = 0) {
    self.momentum = momentum
    self.nesterov = nesterov
    self.weightDecay = weightDecay
  }

  /// `sgd`.
  public var name: String { "sgd" }
  /// The constants.
  public static var constants: [(name: String, path: WritableKeyPath<Self, Double>)] {
    [("momentum", \.momentum), ("nesterov", \.nesterovNumber), ("weight_decay", \.weightDecay)]
  }
  /// 0.05.
  public var defaultLearningRate: Double { 0.05 }

  /// One update primitive for all parameters.
  public func updates(
    _ parameters: [Variable], gradients: [Tensor], scale: Tensor?
  ) throws -> [Update] {
    try SGDUpdate(momentum: momentum, nesterov: nesterov, weightDecay: weightDecay)
      .updates(parameters, gradients: gradients, scale: scale)
  }

  /// 1 for true.
  private var nesterovNumber: Double {
    get { nesterov ? 1 : 0 }
    set { nesterov = newValue != 0 }
  }
}

extension Optimizer where Self == SGD {
  /// Stochastic gradient descent, with momentum if asked for.
  public static func sgd(
    momentum: Double = 0, nesterov: Bool = false, weightDecay: Double = 0
  ) -> SGD {
    SGD(momentum: momentum, nesterov: nesterov, weightDecay: weightDecay)
  }
}
