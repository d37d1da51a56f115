import GPUMLGraph

/// Divides the last axis of each example by its root mean square, then scales it.
///
/// Takes and gives `[…, size]`.
///
/// - SeeAlso: Zhang and Sennrich 2019, arXiv:1910.07467.
public struct RMSNormalization: Module {
  static let layerName = "rms-norm"

  /// The scale γ, shape `[size]`, 1 at first.
  public let gamma: Variable
  /// What is added to the mean square.
  public let epsilon: Double

  /// `RMSNorm`.
  public var kind: String { "RMSNorm" }
  /// What model files call the layer.
  public var definition: LayerDefinition? {
    LayerDefinition(RMSNormalization.layerName, ["epsilon": "\(epsilon)"])
  }

  /// Declares the scale.
  ///
  /// - Parameters:
  ///   - size: The size of the last axis, at least 1.
  ///   - epsilon: Added to the mean square, above 0.
  /// - Throws: `NNError.invalidLayer` if one is out of range.
  public init(size: Int, epsilon: Double = 1e-5) throws {
    try LayerCheck.size(size, of: RMSNormalization.layerName)
    try LayerCheck.epsilon(epsilon, of: RMSNormalization.layerName)
    gamma = try Variable(shape: [size], initializer: .constant(1))
    self.epsilon = epsilon
  }

  /// `gamma`.
  public var variables: [(name: String, variable: Variable)] { [("weight", gamma)] }

  /// Normalises along the last axis.
  public func callAsFunction(_ x: Tensor, in context: ForwardContext) throws -> Tensor {
    try x.rmsNorm(gamma: gamma.tensor, epsilon: epsilon)
  }
}
