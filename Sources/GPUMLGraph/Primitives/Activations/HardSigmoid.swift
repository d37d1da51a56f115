/// A straight line cut off at 0 and 1 in place of the logistic function, element by element; NaN
/// stays NaN.
public struct HardSigmoid: ParameterizedActivation {
  /// The name in saved graphs.
  public static let name = "hard_sigmoid"
  /// What it computes.
  public static let summary = "slope·x + offset, cut off at 0 and 1"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// The slope of the line.
  public let slope: Double
  /// Its value at 0.
  public let offset: Double

  package init(slope: Double, offset: Double) throws {
    self.slope = try Self.checked(slope, "slope", .positive)
    self.offset = try Self.checked(offset, "offset", .finite)
  }
  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws {
    try self.init(slope: attributes.double("slope"), offset: attributes.double("offset"))
  }
  /// The line.
  public var attributes: Attributes {
    Attributes(["slope": .double(slope), "offset": .double(offset)])
  }

  /// The vector-Jacobian product: nothing passes where the line is cut off.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    let y = step.outputs[0]
    let isFull = try LessOrEqual()(y.filled(with: 1), y)
    return [
      try (gradient * slope).masked(where: y.isAtMost(0), by: 0).masked(where: isFull, by: 0)
    ]
  }
}

/// x times the hard sigmoid x/6 + 1/2, element by element; 0 at −∞.
///
/// - SeeAlso: Howard et al. 2019, arXiv:1905.02244.
public struct HardSwish: UnaryPrimitive {
  /// The name in saved graphs.
  public static let name = "hard_swish"
  /// What it computes.
  public static let summary = "0 to −3, x from 3, x·(x + 3)/6 between"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// The one value.
  public init() {}

  /// The vector-Jacobian product.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    let x = step.inputs[0]
    let isLinear = try LessOrEqual()(x.filled(with: 3), x)
    let slope = try (x * (1.0 / 3) + 0.5).masked(where: isLinear, by: 1)
    return [try gradient * slope.masked(where: x.isAtMost(-3), by: 0)]
  }
}

extension Tensor {
  /// The line slope·x + offset cut off at 0 and 1; NaN stays NaN.
  ///
  /// Any shape, floating point; the result has the same shape and type. By default x/6 + 1/2 as in
  /// PyTorch; ONNX's own defaults are 0.2 and 0.5.
  /// - Parameters:
  ///   - slope: Positive.
  ///   - offset: Any finite number.
  /// - Throws: `GraphError.invalidValue` if a number is out of range.
  public func hardSigmoid(slope: Double = 1.0 / 6, offset: Double = 0.5) throws -> Tensor {
    try HardSigmoid(slope: slope, offset: offset)(self)
  }

  /// x times the hard sigmoid x/6 + 1/2.
  ///
  /// Any shape, floating point; the result has the same shape and type.
  /// - SeeAlso: Howard et al. 2019, arXiv:1905.02244.
  public func hardSwish() throws -> Tensor { try HardSwish()(self) }
}
