/// Lion: p ← p − lr·(sign(β₁·m + (1−β₁)·g) + λ·p); m ← β₂·m + (1−β₂)·g.
///
/// - SeeAlso: Chen et al. 2023, arXiv:2302.06675, algorithm 2.
public struct LionUpdate: UpdatePrimitive {
  /// The name in saved graphs.
  public static let name = "lion_update"
  /// What it computes.
  public static let summary = "the next parameters of Lion"
  /// What the first operand may be.
  public static let dtypes = [DType.float32]
  /// The moving average of the gradient.
  public var slotKinds: [String] { ["momentum"] }

  /// β₁, in 0..<1.
  public let beta1: Double
  /// β₂, in 0..<1.
  public let beta2: Double
  /// λ, at least 0: the share of each parameter that is taken off, times the learning rate.
  public let weightDecay: Double

  /// Sets the constants. - Throws: `GraphError.invalidValue` if one is out of range.
  public init(beta1: Double = 0.9, beta2: Double = 0.99, weightDecay: Double = 0) throws {
    self.beta1 = try Self.checked(beta1, "beta1", .belowOne)
    self.beta2 = try Self.checked(beta2, "beta2", .belowOne)
    self.weightDecay = try Self.checked(weightDecay, "weight decay", .atLeastZero)
  }

  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws {
    try self.init(
      beta1: attributes.double("beta1"), beta2: attributes.double("beta2"),
      weightDecay: attributes.double("weight_decay"))
  }

  /// The constants.
  public var attributes: Attributes {
    Attributes([
      "beta1": .double(beta1), "beta2": .double(beta2), "weight_decay": .double(weightDecay),
    ])
  }
}
