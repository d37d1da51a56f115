/// The Gaussian error linear unit x·Φ(x), element by element; 0 at −∞.
///
/// - SeeAlso: Hendrycks and Gimpel 2016, arXiv:1606.08415.
public struct GELU: ElementwisePrimitive {
  /// The name in saved graphs.
  public static let name = "gelu"
  /// What it computes.
  public static let summary = "x·Φ(x), or its approximation by tanh"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// Whether Φ is taken by its tanh approximation instead of the error function.
  public let approximate: Bool

  package init(approximate: Bool) { self.approximate = approximate }
  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws { approximate = try attributes.bool("approximate") }
  /// Whether it is approximate.
  public var attributes: Attributes { Attributes(["approximate": .bool(approximate)]) }

  /// Shape and element type of the operand.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(1, inputs)
    try expectFloating(inputs[0])
    return inputs
  }

  /// The vector-Jacobian product.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    // Beyond these limits the slope is 0 or 1; within, no ∞ meets a 0.
    let x = try step.inputs[0].clamped(low: -40, high: 40)
    if approximate {
      // y = x σ(u), u = 2√(2/π) (x + 0.044715 x³), which is x/2 (1 + tanh u/2); σ(u) σ(−u) does not
      // cancel as 1 − tanh² would.
      let square = try x * x
      let inner = try x * (square * 0.044715 + 1) * 1.5957691216057308
      let sigmoid = try inner.sigmoid()
      let bend = try sigmoid * (-inner).sigmoid()
      let slope = try (square * (3 * 0.044715) + 1) * 1.5957691216057308
      return [try gradient * (sigmoid + x * bend * slope)]
    }
    // y' = Φ(x) + x φ(x)
    let distribution = try ((x * 0.7071067811865476).erf() + 1) * 0.5
    let density = try (x * x * -0.5).exp() * 0.3989422804014327
    return [try gradient * (distribution + x * density)]
  }
}

extension Tensor {
  /// The Gaussian error linear unit x·Φ(x).
  ///
  /// - Parameter approximate: Takes Φ by its tanh approximation.
  /// - SeeAlso: Hendrycks and Gimpel 2016, arXiv:1606.08415.
  public func gelu(approximate: Bool = false) throws -> Tensor {
    try GELU(approximate: approximate)(self)
  }
}
