/// Adam, and AdamW where the weight decay is decoupled: m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g²,
/// p ← p − lr·(m/(1−β₁ᵗ)) / (√(v/(1−β₂ᵗ)) + ε), with t counted from 1.
///
/// - SeeAlso: Kingma and Ba 2014, arXiv:1412.6980; Loshchilov and Hutter 2017, arXiv:1711.05101.
public struct AdamUpdate: UpdatePrimitive {
  /// The name in saved graphs.
  public static let name = "adam_update"
  /// What it computes.
  public static let summary = "the next parameters of Adam or AdamW"
  /// What the first operand may be.
  public static let dtypes = [DType.float32]
  /// The moving averages of the gradient and of its square.
  public var slotKinds: [String] { ["first_moment", "second_moment"] }

  /// β₁, in 0..<1.
  public let beta1: Double
  /// β₂, in 0..<1.
  public let beta2: Double
  /// ε, above 0.
  public let epsilon: Double
  /// λ, at least 0.
  public let weightDecay: Double
  /// Whether λ·lr·p is taken off the parameter (AdamW) instead of λ·p added to the gradient.
  public let decoupled: Bool

  /// Sets the constants. - Throws: `GraphError.invalidValue` if one is out of range.
  public init(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0,
    decoupled: Bool = false
  ) throws {
    self.beta1 = try Self.checked(beta1, "beta1", .belowOne)
    self.beta2 = try Self.checked(beta2, "beta2", .belowOne)
    self.epsilon = try Self.checked(epsilon, "epsilon", .positive)
    self.weightDecay = try Self.checked(weightDecay, "weight decay", .atLeastZero)
    self.decoupled = decoupled
  }

  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws {
    try self.init(
      beta1: attributes.double("beta1"), beta2: attributes.double("beta2"),
      epsilon: attributes.double("epsilon"), weightDecay: attributes.double("weight_decay"),
      decoupled: attributes.bool("decoupled"))
  }

  /// The constants.
  public var attributes: Attributes {
    Attributes([
      "beta1": .double(beta1), "beta2": .double(beta2), "epsilon": .double(epsilon),
      "weight_decay": .double(weightDecay), "decoupled": .bool(decoupled),
    ])
  }
}
