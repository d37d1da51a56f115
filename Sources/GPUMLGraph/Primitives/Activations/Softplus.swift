/// The smooth rectifier ln(1 + e^(βx))/β, element by element.
///
/// Computed without overflow for every x; it needs no threshold beyond which it turns into x.
public struct Softplus: ParameterizedActivation {
  /// The name in saved graphs.
  public static let name = "softplus"
  /// What it computes.
  public static let summary = "ln(1 + e^(βx))/β"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// How sharp the bend at 0 is, β.
  public let beta: Double

  package init(beta: Double) throws {
    self.beta = try Self.checked(beta, "beta", .positive)
  }
  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws { try self.init(beta: attributes.double("beta")) }
  /// β.
  public var attributes: Attributes { Attributes(["beta": .double(beta)]) }

  /// The vector-Jacobian product, g·σ(βx).
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    let x = step.inputs[0]
    return [try gradient * (beta == 1 ? x : x * beta).sigmoid()]
  }
}

extension Tensor {
  /// The smooth rectifier ln(1 + e^(βx))/β.
  ///
  /// Any shape, floating point; the result has the same shape and type. It is exact for every x, so
  /// PyTorch's threshold is not needed: beyond it both differ by less than a rounding.
  /// - Parameter beta: How sharp the bend at 0 is; positive.
  /// - Throws: `GraphError.invalidValue` if `beta` is not positive and finite.
  /// - SeeAlso: Dugas et al. 2001, "Incorporating second-order functional knowledge".
  public func softplus(beta: Double = 1) throws -> Tensor { try Softplus(beta: beta)(self) }

  /// The logarithm of the logistic function, −ln(1 + e⁻ˣ), finite for every finite x.
  ///
  /// Any shape, floating point; the result has the same shape and type.
  public func logSigmoid() throws -> Tensor { try -(-self).softplus() }
}
