/// Adagrad: g ← g + λ·p; s ← s + g²; p ← p − lr / (1 + (t−1)·η) · g / (√s + ε), with t counted from 1.
/// The formulas and defaults are PyTorch's.
///
/// - SeeAlso: Duchi et al. 2011, JMLR 12.
public struct AdagradUpdate: UpdatePrimitive {
  /// The name in saved graphs.
  public static let name = "adagrad_update"
  /// What it computes.
  public static let summary = "the next parameters of Adagrad"
  /// What the first operand may be.
  public static let dtypes = [DType.float32]
  /// The sum of the squared gradients.
  public var slotKinds: [String] { ["square_sum"] }
  /// What the sums of squares begin with.
  public func slotInitializer(_ kind: String) -> Initializer {
    .constant(Float(initialAccumulator))
  }

  /// η, at least 0: how fast the learning rate falls.
  public let learningRateDecay: Double
  /// ε, above 0.
  public let epsilon: Double
  /// λ, at least 0, added to the gradient.
  public let weightDecay: Double
  /// What the sums of squares begin with, at least 0.
  public let initialAccumulator: Double

  /// Sets the constants. - Throws: `GraphError.invalidValue` if one is out of range.
  public init(
    learningRateDecay: Double = 0, epsilon: Double = 1e-10, weightDecay: Double = 0,
    initialAccumulator: Double = 0
  ) throws {
    self.learningRateDecay = try Self.checked(
      learningRateDecay, "learning rate decay", .atLeastZero)
    self.epsilon = try Self.checked(epsilon, "epsilon", .positive)
    self.weightDecay = try Self.checked(weightDecay, "weight decay", .atLeastZero)
    self.initialAccumulator = try Self.checked(
      initialAccumulator, "initial accumulator", .atLeastZero)
  }

  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws {
    try self.init(
      learningRateDecay: attributes.double("learning_rate_decay"),
      epsilon: attributes.double("epsilon"), weightDecay: attributes.double("weight_decay"),
      initialAccumulator: attributes.double("initial_accumulator"))
  }

  /// The constants.
  public var attributes: Attributes {
    Attributes([
      "learning_rate_decay": .double(learningRateDecay), "epsilon": .double(epsilon),
      "weight_decay": .double(weightDecay), "initial_accumulator": .double(initialAccumulator),
    ])
  }
}
