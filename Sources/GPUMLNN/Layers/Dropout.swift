import GPUMLGraph

/// In training sets each element to 0 with probability `rate` and divides the others by 1 − rate;
/// in inference passes its input on.
///
/// - SeeAlso: Srivastava et al. 2014, JMLR 15.
public struct Dropout: Module {
  /// The probability, in 0..<1.
  public let rate: Double

  /// What model files call the layer.
  public var definition: LayerDefinition? { LayerDefinition("dropout", ["rate": "\(rate)"]) }

  /// Sets the probability.
  ///
  /// - Throws: `NNError.invalidLayer` if `rate` is not in 0..<1.
  public init(rate: Double) throws {
    guard rate >= 0, rate < 1 else {
      throw NNError.invalidLayer(kind: "Dropout", reason: "rate \(rate) is not in 0..<1")
    }
    self.rate = rate
  }

  /// `x` with some elements dropped if the graph is for training.
  public func callAsFunction(_ x: Tensor, in context: ForwardContext) throws -> Tensor {
    switch context.mode {
    case .training: try x.dropout(rate: rate, stream: context.nextStream())
    case .inference: x
    }
  }
}
