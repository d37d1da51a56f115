import GPUMLGraph

/// Adagrad: each gradient is divided by the root of the sum of all its squares, so that the steps
/// become smaller.
///
/// - SeeAlso: Duchi et al. 2011, JMLR 12.
public struct Adagrad: Optimizer {
  /// How fast the learning rate falls besides, at least 0.
  public var learningRateDecay: Double
  /// Added to the root, above 0.
  public var epsilon: Double
  /// The share of each parameter added to its gradient, at least 0.
  public var weightDecay: Double
  /// What the sums of squares begin with, at least 0.
  public var initialAccumulator: Double

  /// Sets the constants; they are checked when a training starts.
  public init(
    learningRateDecay: Double = 0, epsilon: Double = 1e-10, weightDecay: Double = 0,
    initialAccumulator: Double = 0
  ) {
    self.learningRateDecay = learningRateDecay
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.initialAccumulator = initialAccumulator
  }

  /// `adagrad`.
  public var name: String { "adagrad" }
  /// The constants.
  public static var constants: [(name: String, path: WritableKeyPath<Self, Double>)] {
    [
      ("learning_rate_decay", \.learningRateDecay), ("epsilon", \.epsilon),
      ("weight_decay", \.weightDecay), ("initial_accumulator", \.initialAccumulator),
    ]
  }
  /// 0.03.
  public var defaultLearningRate: Double { 0.03 }

  /// One update primitive for all parameters.
  public func updates(
    _ parameters: [Variable], gradients: [Tensor], scale: Tensor?
  ) throws -> [Update] {
    try AdagradUpdate(
      learningRateDecay: learningRateDecay, epsilon: epsilon, weightDecay: weightDecay,
      initialAccumulator: initialAccumulator
    ).updates(parameters, gradients: gradients, scale: scale)
  }
}

extension Optimizer where Self == Adagrad {
  /// Adagrad: each gradient is divided by the root of the sum of all its squares.
  public static func adagrad(weightDecay: Double = 0) -> Adagrad {
    Adagrad(weightDecay: weightDecay)
  }
}
