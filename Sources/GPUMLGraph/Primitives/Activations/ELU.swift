/// The exponential linear unit, x above 0 and α·(eˣ − 1) elsewhere, element by element.
///
/// - SeeAlso: Clevert et al. 2015, arXiv:1511.07289.
public struct ELU: ParameterizedActivation {
  /// The name in saved graphs.
  public static let name = "elu"
  /// What it computes.
  public static let summary = "x above 0, elsewhere α·(eˣ − 1)"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// The factor α at 0 and below.
  public let alpha: Double

  package init(alpha: Double) throws { self.alpha = try Self.checked(alpha, "alpha", .finite) }
  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws {
    try self.init(alpha: attributes.double("alpha"))
  }
  /// α.
  public var attributes: Attributes { Attributes(["alpha": .double(alpha)]) }

  /// The vector-Jacobian product; at 0 that of the side below.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    let x = step.inputs[0]
    // eˣ of the operand, not y + α, which would cancel; kept finite where it is not chosen.
    let power = try x.atMostZero().exp()
    return [try gradient * x.isAtMost(0).select(power * alpha, x.filled(with: 1))]
  }
}

/// The continuously differentiable exponential linear unit, max(x, 0) + min(0, α·(e^(x/α) − 1)),
/// element by element.
///
/// - SeeAlso: Barron 2017, arXiv:1704.07483.
public struct CELU: ParameterizedActivation {
  /// The name in saved graphs.
  public static let name = "celu"
  /// What it computes.
  public static let summary = "x above 0, elsewhere α·(e^(x/α) − 1)"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// Where the unit levels off, α.
  public let alpha: Double

  package init(alpha: Double) throws {
    self.alpha = try Self.checked(alpha, "alpha", .positive)
  }
  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws {
    try self.init(alpha: attributes.double("alpha"))
  }
  /// α.
  public var attributes: Attributes { Attributes(["alpha": .double(alpha)]) }

  /// The vector-Jacobian product.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    return [try gradient * (step.inputs[0].atMostZero() / alpha).exp()]
  }
}

/// The scaled exponential linear unit, λ·x above 0 and λα·(eˣ − 1) elsewhere, element by element,
/// with the constants that keep mean 0 and variance 1.
///
/// - SeeAlso: Klambauer et al. 2017, arXiv:1706.02515.
public struct SELU: UnaryPrimitive {
  /// The name in saved graphs.
  public static let name = "selu"
  /// What it computes.
  public static let summary = "λ·x above 0, elsewhere λα·(eˣ − 1), λ 1.0507, α 1.6733"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// The factor α at 0 and below.
  package static let alpha = 1.6732632423543772848170429916717
  /// The factor λ of both sides.
  package static let lambda = 1.0507009873554804934193349852946

  /// The one value.
  public init() {}

  /// The vector-Jacobian product; at 0 that of the side below.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    let x = step.inputs[0]
    let power = try x.atMostZero().exp() * (SELU.lambda * SELU.alpha)
    return [try gradient * x.isAtMost(0).select(power, x.filled(with: SELU.lambda))]
  }
}

extension Tensor {
  /// The exponential linear unit: x above 0, elsewhere α·(eˣ − 1); NaN stays NaN.
  ///
  /// Any shape, floating point; the result has the same shape and type.
  /// - Parameter alpha: Any finite number.
  /// - Throws: `GraphError.invalidValue` if `alpha` is not finite.
  /// - SeeAlso: Clevert et al. 2015, arXiv:1511.07289.
  public func elu(alpha: Double = 1) throws -> Tensor { try ELU(alpha: alpha)(self) }

  /// The scaled exponential linear unit λ·elu(x, α), with the constants that keep mean 0 and
  /// variance 1.
  ///
  /// Any shape, floating point; the result has the same shape and type.
  /// - SeeAlso: Klambauer et al. 2017, arXiv:1706.02515.
  public func selu() throws -> Tensor { try SELU()(self) }

  /// The continuously differentiable exponential linear unit: x above 0, elsewhere
  /// α·(e^(x/α) − 1); NaN stays NaN.
  ///
  /// Any shape, floating point; the result has the same shape and type.
  /// - Parameter alpha: Positive.
  /// - Throws: `GraphError.invalidValue` if `alpha` is not positive and finite.
  /// - SeeAlso: Barron 2017, arXiv:1704.07483.
  public func celu(alpha: Double = 1) throws -> Tensor { try CELU(alpha: alpha)(self) }

  /// min(x, 0); NaN stays NaN.
  fileprivate func atMostZero() throws -> Tensor {
    try masked(where: LessThan()(filled(with: 0), self), by: 0)
  }
}
