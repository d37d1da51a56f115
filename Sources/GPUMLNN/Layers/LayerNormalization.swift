import GPUMLGraph

/// Normalises the last axis of each example to mean 0 and variance 1, then scales and shifts it.
///
/// Takes and gives `[…, size]`.
///
/// - SeeAlso: Ba et al. 2016, arXiv:1607.06450.
public struct LayerNormalization: Module {
  static let layerName = "layer-norm"

  /// The scale γ, shape `[size]`, 1 at first.
  public let gamma: Variable
  /// The shift β, shape `[size]`, 0 at first.
  public let beta: Variable
  /// What is added to the variance.
  public let epsilon: Double

  /// `LayerNorm`.
  public var kind: String { "LayerNorm" }
  /// What model files call the layer.
  public var definition: LayerDefinition? {
    LayerDefinition(LayerNormalization.layerName, ["epsilon": "\(epsilon)"])
  }

  /// Declares scale and shift.
  ///
  /// - Parameters:
  ///   - size: The size of the last axis, at least 1.
  ///   - epsilon: Added to the variance, above 0.
  /// - Throws: `NNError.invalidLayer` if one is out of range.
  public init(size: Int, epsilon: Double = 1e-5) throws {
    try LayerCheck.size(size, of: LayerNormalization.layerName)
    try LayerCheck.epsilon(epsilon, of: LayerNormalization.layerName)
    gamma = try Variable(shape: [size], initializer: .constant(1))
    beta = try Variable(shape: [size])
    self.epsilon = epsilon
  }

  /// `gamma` and `beta`.
  public var variables: [(name: String, variable: Variable)] {
    [("weight", gamma), ("bias", beta)]
  }

  /// Normalises along the last axis.
  public func callAsFunction(_ x: Tensor, in context: ForwardContext) throws -> Tensor {
    try x.layerNorm(gamma: gamma.tensor, beta: beta.tensor, epsilon: epsilon)
  }
}
