/// Stochastic gradient descent: g ← g + λ·p; with momentum v ← μ·v + g; p ← p − lr·v, or with
/// Nesterov's form p ← p − lr·(g + μ·v).
///
/// - SeeAlso: Sutskever et al. 2013, "On the importance of initialization and momentum".
public struct SGDUpdate: UpdatePrimitive {
  /// The name in saved graphs.
  public static let name = "sgd_update"
  /// What it computes.
  public static let summary = "the next parameters of SGD, with momentum or Nesterov momentum"
  /// What the first operand may be.
  public static let dtypes = [DType.float32]
  /// The velocity, if there is momentum.
  public var slotKinds: [String] { momentum == 0 ? [] : ["momentum"] }

  /// μ, in 0..<1.
  public let momentum: Double
  /// Whether the gradient is taken ahead of the step.
  public let nesterov: Bool
  /// λ, at least 0, added to the gradient.
  public let weightDecay: Double

  /// Sets the constants. - Throws: `GraphError.invalidValue` if one is out of range.
  public init(momentum: Double = 0, nesterov: Bool = false, weightDecay: Double = 0) throws {
    self.momentum = try Self.checked(momentum, "momentum", .belowOne)
    self.nesterov = nesterov
    self.weightDecay = try Self.checked(weightDecay, "weight decay", .atLeastZero)
  }

  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws {
    try self.init(
      momentum: attributes.double("momentum"), nesterov: attributes.bool("nesterov"),
      weightDecay: attributes.double("weight_decay"))
  }

  /// The constants.
  public var attributes: Attributes {
    Attributes([
      "momentum": .double(momentum), "nesterov": .bool(nesterov),
      "weight_decay": .double(weightDecay),
    ])
  }
}
