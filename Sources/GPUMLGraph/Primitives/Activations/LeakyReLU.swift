/// The leaky rectifier, x above 0 and slope·x elsewhere, element by element; NaN stays NaN.
///
/// - SeeAlso: Maas et al. 2013, "Rectifier nonlinearities improve neural network acoustic models".
public struct LeakyReLU: ParameterizedActivation {
  /// The name in saved graphs.
  public static let name = "leaky_relu"
  /// What it computes.
  public static let summary = "x above 0, elsewhere slope·x"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// The factor at 0 and below.
  public let slope: Double

  package init(slope: Double) throws { self.slope = try Self.checked(slope, "slope", .finite) }
  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws {
    try self.init(slope: attributes.double("slope"))
  }
  /// The slope.
  public var attributes: Attributes { Attributes(["slope": .double(slope)]) }

  /// The vector-Jacobian product; at 0 that of the side below.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    return [try step.inputs[0].isAtMost(0).select(gradient * slope, gradient)]
  }
}

extension Tensor {
  /// The leaky rectifier: x above 0, elsewhere slope·x; NaN stays NaN.
  ///
  /// Any shape, floating point; the result has the same shape and type.
  /// - Parameter slope: Any finite number.
  /// - Throws: `GraphError.invalidValue` if the slope is not finite.
  /// - SeeAlso: Maas et al. 2013.
  public func leakyReLU(slope: Double = 0.01) throws -> Tensor {
    try LeakyReLU(slope: slope)(self)
  }
}
