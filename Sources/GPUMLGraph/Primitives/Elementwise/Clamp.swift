/// The element brought between two bounds; NaN stays NaN.
public struct Clamp: ElementwisePrimitive {
  /// The name in saved graphs.
  public static let name = "clamp"
  /// What it computes.
  public static let summary = "x brought between two bounds; NaN stays NaN"
  /// What the first operand may be.
  public static let dtypes = DType.numeric
  /// Gradients flow to the operand where it lies between the bounds, not on them.
  public static let differentiability = Differentiability.differentiable

  /// The lower bound; −∞ for none.
  public let low: Double
  /// The upper bound; ∞ for none.
  public let high: Double

  /// - Throws: `GraphError.invalidValue` unless a number lies between the bounds.
  package init(low: Double, high: Double) throws {
    guard low <= high, low < .infinity, high > -.infinity else {
      throw GraphError.invalidValue(
        operation: Clamp.name, reason: "no number lies between \(low) and \(high)")
    }
    self.low = low
    self.high = high
  }

  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws {
    try self.init(low: attributes.double("low"), high: attributes.double("high"))
  }

  /// The bounds.
  public var attributes: Attributes {
    Attributes(["low": .double(low), "high": .double(high)])
  }

  /// Shape and element type of the operand, which must hold finite bounds.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(1, inputs)
    try expectDType(inputs[0])
    for bound in [low, high] where !bound.isInfinite {
      try inputs[0].dtype.expectHolds(bound, operation: name)
    }
    return inputs
  }

  /// The vector-Jacobian product.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard var gradient = step.gradient else { return [nil] }
    let x = step.inputs[0]
    if low > -.infinity { gradient = try gradient.masked(where: x.isAtMost(low), by: 0) }
    if high < .infinity { gradient = try gradient.masked(where: x.isAtLeast(high), by: 0) }
    return [gradient]
  }
}

extension Tensor {
  /// The elements brought between two bounds; NaN stays NaN.
  ///
  /// Any shape, any type but `bool`; the result has the same shape and type. The gradient is that
  /// of the elements between the bounds, and zero on them and outside.
  ///
  /// - Parameters:
  ///   - low: The lower bound; nil for none.
  ///   - high: The upper bound; nil for none.
  /// - Throws: `GraphError.invalidValue` if no number lies between the bounds, or an integer type
  ///   does not hold them.
  public func clamped(low: Double? = nil, high: Double? = nil) throws -> Tensor {
    try Clamp(low: low ?? -.infinity, high: high ?? .infinity)(self)
  }
}
