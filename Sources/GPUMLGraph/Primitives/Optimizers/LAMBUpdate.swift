/// LAMB: Adam whose step is as long, for each parameter tensor, as the tensor's norm says.
///
/// m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², u = (m/(1−β₁ᵗ)) / (√(v/(1−β₂ᵗ)) + ε) + λ·p, with t counted
/// from 1; p ← p − lr·r·u, where the trust ratio r is ‖p‖/‖u‖, or 1 where one of the norms is 0.
///
/// - SeeAlso: You et al. 2019, arXiv:1904.00962, algorithm 2 with φ(z) = z.
public struct LAMBUpdate: UpdatePrimitive {
  /// The name in saved graphs.
  public static let name = "lamb_update"
  /// What it computes.
  public static let summary = "the next parameters of LAMB"
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
  /// λ, at least 0, times the parameter added to the step.
  public let weightDecay: Double

  /// Sets the constants. - Throws: `GraphError.invalidValue` if one is out of range.
  public init(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-6, weightDecay: Double = 0
  ) throws {
    self.beta1 = try Self.checked(beta1, "beta1", .belowOne)
    self.beta2 = try Self.checked(beta2, "beta2", .belowOne)
    self.epsilon = try Self.checked(epsilon, "epsilon", .positive)
    self.weightDecay = try Self.checked(weightDecay, "weight decay", .atLeastZero)
  }

  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws {
    try self.init(
      beta1: attributes.double("beta1"), beta2: attributes.double("beta2"),
      epsilon: attributes.double("epsilon"), weightDecay: attributes.double("weight_decay"))
  }

  /// The constants.
  public var attributes: Attributes {
    Attributes([
      "beta1": .double(beta1), "beta2": .double(beta2), "epsilon": .double(epsilon),
      "weight_decay": .double(weightDecay),
    ])
  }
}
