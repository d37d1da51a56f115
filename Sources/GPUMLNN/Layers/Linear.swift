import GPUMLGraph

/// A fully connected layer: y = x·Wᵀ + b.
///
/// Takes `[…, inputs]` of rank 1 or more and gives `[…, outputs]`.
public struct Linear: Module {
  /// The weight W, shape `[outputs, inputs]`.
  public let weight: Variable
  /// The bias b, shape `[outputs]`.
  public let bias: Variable?

  /// What model files call the layer.
  public var definition: LayerDefinition? {
    LayerDefinition(
      "linear", ["outputs": "\(weight.shape[0])", "bias": "\(bias != nil)"])
  }

  /// The most elements a weight may have: kernels count them in 32 bits.
  package static let largestCount = Int(Int32.max)

  /// Declares the weight and the bias.
  ///
  /// - Parameters:
  ///   - inputs: The size of the last axis of what the layer takes, at least 1.
  ///   - outputs: The size of the last axis of what it gives, at least 1.
  ///   - bias: Whether it adds a bias.
  ///   - initializer: How the weight begins; by default, as the bias, uniform in ±1/√inputs.
  /// - Throws: `NNError.invalidLayer` if a size is below 1 or the weight has more than 2³¹ − 1
  ///   elements.
  public init(
    inputs: Int, outputs: Int, bias: Bool = true, initializer: Initializer? = nil
  ) throws {
    guard inputs >= 1, outputs >= 1 else {
      throw NNError.invalidLayer(
        kind: "Linear", reason: "inputs \(inputs) and outputs \(outputs) must be at least 1")
    }
    let (count, overflow) = inputs.multipliedReportingOverflow(by: outputs)
    guard !overflow, count <= Linear.largestCount else {
      throw NNError.invalidLayer(
        kind: "Linear",
        reason: "a weight of \(outputs)×\(inputs) has more than \(Linear.largestCount) elements")
    }
    let bound = (1 / Float(inputs)).squareRoot()
    let uniform = Initializer.uniform(low: -bound, high: bound)
    weight = try Variable(shape: [outputs, inputs], initializer: initializer ?? uniform)
    self.bias = bias ? try Variable(shape: [outputs], initializer: uniform) : nil
  }

  /// `weight` and, if there is one, `bias`.
  public var variables: [(name: String, variable: Variable)] {
    [("weight", weight)] + (bias.map { [("bias", $0)] } ?? [])
  }

  /// x·Wᵀ + b along the last axis.
  public func callAsFunction(_ x: Tensor, in context: ForwardContext) throws -> Tensor {
    let inputs = Dim(weight.shape[1])
    guard let last = x.shape.last, last == inputs else {
      throw GraphError.shapeMismatch(
        operation: "Linear", shapes: [x.shape.text, [Dim](weight.shape).text],
        reason: "takes a last axis of \(inputs)")
    }
    let leading = Array(x.shape.dropLast())
    let rows = try x.reshaped(to: [leading.elementCount, inputs])
    var y = try rows.matmul(weight.tensor, transposesRight: true)
    if let bias { y = try y + bias.tensor }
    return try y.reshaped(to: leading + [Dim(weight.shape[0])])
  }
}
