/// RMSProp: g ← g + λ·p; v ← α·v + (1−α)·g²; d = g / (√v + ε), or centered, with the mean gradient
/// a ← α·a + (1−α)·g, d = g / (√(v − a²) + ε); p ← p − lr·d, or with momentum b ← μ·b + d,
/// p ← p − lr·b. The formulas and defaults are PyTorch's.
///
/// - SeeAlso: Tieleman and Hinton 2012, "Lecture 6.5: rmsprop"; Graves 2013, arXiv:1308.0850
///   (centered).
public struct RMSPropUpdate: UpdatePrimitive {
  /// The name in saved graphs.
  public static let name = "rmsprop_update"
  /// What it computes.
  public static let summary = "the next parameters of RMSProp, centered or with momentum"
  /// What the first operand may be.
  public static let dtypes = [DType.float32]
  /// The mean squared gradient; the mean gradient if centered; the velocity if there is momentum.
  public var slotKinds: [String] {
    ["square_average"] + (isCentered ? ["gradient_average"] : [])
      + (momentum == 0 ? [] : ["momentum"])
  }

  /// α, in 0..<1.
  public let alpha: Double
  /// ε, above 0.
  public let epsilon: Double
  /// μ, in 0..<1.
  public let momentum: Double
  /// λ, at least 0, added to the gradient.
  public let weightDecay: Double
  /// Whether the gradient is divided by its deviation instead of its root mean square.
  public let isCentered: Bool

  /// Sets the constants. - Throws: `GraphError.invalidValue` if one is out of range.
  public init(
    alpha: Double = 0.99, epsilon: Double = 1e-8, momentum: Double = 0, weightDecay: Double = 0,
    isCentered: Bool = false
  ) throws {
    self.alpha = try Self.checked(alpha, "alpha", .belowOne)
    self.epsilon = try Self.checked(epsilon, "epsilon", .positive)
    self.momentum = try Self.checked(momentum, "momentum", .belowOne)
    self.weightDecay = try Self.checked(weightDecay, "weight decay", .atLeastZero)
    self.isCentered = isCentered
  }

  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws {
    try self.init(
      alpha: attributes.double("alpha"), epsilon: attributes.double("epsilon"),
      momentum: attributes.double("momentum"), weightDecay: attributes.double("weight_decay"),
      isCentered: attributes.bool("centered"))
  }

  /// The constants.
  public var attributes: Attributes {
    Attributes([
      "alpha": .double(alpha), "epsilon": .double(epsilon), "momentum": .double(momentum),
      "weight_decay": .double(weightDecay), "centered": .bool(isCentered),
    ])
  }
}
