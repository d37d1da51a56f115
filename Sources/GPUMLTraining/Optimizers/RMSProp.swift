import GPUMLGraph

/// RMSProp: each gradient is divided by the root of its mean square.
///
/// - SeeAlso: Tieleman and Hinton 2012, "Lecture 6.5: rmsprop"; Graves 2013, arXiv:1308.0850
///   (centered).
public struct RMSProp: Optimizer {
  /// How much of the mean squared gradient stays from step to step, in 0..<1.
  public var alpha: Double
  /// Added to the root of the mean squared gradient, above 0.
  public var epsilon: Double
  /// How much of the last step goes into the next, in 0..<1.
  public var momentum: Double
  /// The share of each parameter added to its gradient, at least 0.
  public var weightDecay: Double
  /// Whether the gradient is divided by its deviation instead of its root mean square.
  public var isCentered: Bool

  /// Sets the constants; they are checked when a training starts.
  public init(
    alpha: Double = 0.99, epsilon: Double = 1e-8, momentum: Double = 0, weightDecay: Double = 0,
    isCentered: Bool = false
  ) {
    self.alpha = alpha
    self.epsilon = epsilon
    self.momentum = momentum
    self.weightDecay = weightDecay
    self.isCentered = isCentered
  }

  /// `rmsprop`.
  public var name: String { "rmsprop" }
  /// The constants.
  public static var constants: [(name: String, path: WritableKeyPath<Self, Double>)] {
    [
      ("alpha", \.alpha), ("epsilon", \.epsilon), ("momentum", \.momentum),
      ("weight_decay", \.weightDecay), ("centered", \.centered),
    ]
  }
  /// 0.002.
  public var defaultLearningRate: Double { 0.002 }

  /// One update primitive for all parameters.
  public func updates(
    _ parameters: [Variable], gradients: [Tensor], scale: Tensor?
  ) throws -> [Update] {
    try RMSPropUpdate(
      alpha: alpha, epsilon: epsilon, momentum: momentum, weightDecay: weightDecay,
      isCentered: isCentered
    ).updates(parameters, gradients: gradients, scale: scale)
  }

  /// 1 for true.
  private var centered: Double {
    get { isCentered ? 1 : 0 }
    set { isCentered = newValue != 0 }
  }
}

extension Optimizer where Self == RMSProp {
  /// RMSProp: each gradient is divided by the root of its mean square.
  public static func rmsProp(momentum: Double = 0, weightDecay: Double = 0) -> RMSProp {
    RMSProp(momentum: momentum, weightDecay: weightDecay)
  }
}
