import GPUMLGraph

/// A function without variables as a layer, such as `Activation.relu`.
public struct Activation: Module {
  /// What the layer is called in a model's summary.
  public let kind: String
  /// What model files call the layer; nil for a function of your own.
  public let definition: LayerDefinition?
  private let function: @Sendable (Tensor) throws -> Tensor

  /// Wraps a function of one tensor.
  ///
  /// - Parameters:
  ///   - kind: What the layer is called in a model's summary.
  ///   - function: Adds the computation to the graph.
  public init(_ kind: String, _ function: @escaping @Sendable (Tensor) throws -> Tensor) {
    self.init(kind, nil, function)
  }

  private init(
    _ kind: String, _ definition: LayerDefinition?,
    _ function: @escaping @Sendable (Tensor) throws -> Tensor
  ) {
    self.kind = kind
    self.definition = definition
    self.function = function
  }

  /// The function of `x`.
  public func callAsFunction(_ x: Tensor, in context: ForwardContext) throws -> Tensor {
    try function(x)
  }
}

extension Activation {
  /// The rectifier max(x, 0).
  public static let relu = named("ReLU", "relu") { try $0.relu() }
  /// The rectifier cut off at 6.
  public static let relu6 = named("ReLU6", "relu6") { try $0.relu6() }
  /// The scaled exponential linear unit (Klambauer et al. 2017, arXiv:1706.02515).
  public static let selu = named("SELU", "selu") { try $0.selu() }
  /// The Gaussian error linear unit x·Φ(x).
  public static let gelu = named("GELU", "gelu") { try $0.gelu() }
  /// The sigmoid linear unit x·σ(x), also called swish.
  public static let silu = named("SiLU", "silu") { try $0.silu() }
  /// x·tanh(ln(1 + eˣ)) (Misra 2019, arXiv:1908.08681).
  public static let mish = named("Mish", "mish") { try $0.mish() }
  /// ln(1 + eˣ).
  public static let softplus = named("Softplus", "softplus") { try $0.softplus() }
  /// x/(1 + |x|).
  public static let softsign = named("Softsign", "softsign") { try $0.softsign() }
  /// The hyperbolic tangent.
  public static let tanh = named("Tanh", "tanh") { try $0.tanh() }
  /// The logistic function 1/(1 + exp(−x)).
  public static let sigmoid = named("Sigmoid", "sigmoid") { try $0.sigmoid() }
  /// A logistic function of straight lines: x/6 + 1/2 within 0...1.
  public static let hardSigmoid = named("HardSigmoid", "hard-sigmoid") { try $0.hardSigmoid() }
  /// x times the hard sigmoid.
  public static let hardSwish = named("HardSwish", "hard-swish") { try $0.hardSwish() }
  /// The softmax along the last axis. A loss takes logits: do not end a classifier with it.
  public static let softmax = named("Softmax", "softmax") { try $0.softmax() }

  /// The rectifier with `slope`·x below 0.
  public static func leakyReLU(slope: Double = 0.01) -> Activation {
    Activation("LeakyReLU", LayerDefinition("leaky-relu", ["slope": "\(slope)"])) {
      try $0.leakyReLU(slope: slope)
    }
  }

  /// The exponential linear unit: `alpha`·(eˣ − 1) below 0 (Clevert et al. 2015, arXiv:1511.07289).
  public static func elu(alpha: Double = 1) -> Activation {
    Activation("ELU", LayerDefinition("elu", ["alpha": "\(alpha)"])) { try $0.elu(alpha: alpha) }
  }

  /// Those without settings.
  static let all = [
    relu, relu6, selu, gelu, silu, mish, softplus, softsign, tanh, sigmoid, hardSigmoid, hardSwish,
    softmax,
  ]

  /// What model files call it.
  var layerName: String { definition?.name ?? kind }

  private static func named(
    _ kind: String, _ name: String, _ function: @escaping @Sendable (Tensor) throws -> Tensor
  ) -> Activation {
    Activation(kind, LayerDefinition(name), function)
  }
}
