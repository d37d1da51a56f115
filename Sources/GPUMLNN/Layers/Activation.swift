import GPUMLGraph

/// A function without variables as a layer, such as `Activation.relu`.
public struct Activation: Module {
  /// What the layer is called in a model's summary.
  public let kind: String
  private let function: @Sendable (Tensor) throws -> Tensor

  /// Wraps a function of one tensor.
  ///
  /// - Parameters:
  ///   - kind: What the layer is called in a model's summary.
  ///   - function: Adds the computation to the graph.
  public init(_ kind: String, _ function: @escaping @Sendable (Tensor) throws -> Tensor) {
    self.kind = kind
    self.function = function
  }

  /// The function of `x`.
  public func callAsFunction(_ x: Tensor, in context: ForwardContext) throws -> Tensor {
    try function(x)
  }

  /// The rectifier max(x, 0).
  public static let relu = Activation("ReLU") { try $0.relu() }
  /// The Gaussian error linear unit x·Φ(x).
  public static let gelu = Activation("GELU") { try $0.gelu() }
  /// The hyperbolic tangent.
  public static let tanh = Activation("Tanh") { try $0.tanh() }
  /// The logistic function 1/(1 + exp(−x)).
  public static let sigmoid = Activation("Sigmoid") { try $0.sigmoid() }
  /// The softmax along the last axis. A loss takes logits: do not end a classifier with it.
  public static let softmax = Activation("Softmax") { try $0.softmax() }
}
