/// The sigmoid linear unit x·σ(x), also called swish, element by element; 0 at −∞.
///
/// - SeeAlso: Hendrycks and Gimpel 2016, arXiv:1606.08415; Elfwing et al. 2017, arXiv:1702.03118.
public struct SiLU: UnaryPrimitive {
  /// The name in saved graphs.
  public static let name = "silu"
  /// What it computes.
  public static let summary = "x/(1 + e⁻ˣ), also called swish"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// The one value.
  public init() {}

  /// The vector-Jacobian product.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    // y' = σ + y·(1 − σ); from y = 100 on, where σ is 1, y must not be ∞ times 0.
    let sigmoid = try step.inputs[0].sigmoid()
    let y = step.outputs[0]
    let bounded = try y.masked(where: LessThan()(y.filled(with: 100), y), by: 100)
    return [try gradient * (sigmoid + bounded * (1 - sigmoid))]
  }
}

/// x·tanh(ln(1 + eˣ)), element by element; 0 at −∞.
///
/// - SeeAlso: Misra 2019, arXiv:1908.08681.
public struct Mish: UnaryPrimitive {
  /// The name in saved graphs.
  public static let name = "mish"
  /// What it computes.
  public static let summary = "x·tanh(ln(1 + eˣ))"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// The one value.
  public init() {}

  /// The vector-Jacobian product.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    // y' = t + x σ(x) (1 − t²), t = tanh(softplus x); beyond these limits it is 0 or 1.
    let x = try step.inputs[0].clamped(low: -200, high: 40)
    let tanh = try x.softplus().tanh()
    return [try gradient * (tanh + x * x.sigmoid() * (1 - tanh * tanh))]
  }
}

extension Tensor {
  /// The sigmoid linear unit x·σ(x), also called swish.
  ///
  /// Any shape, floating point; the result has the same shape and type.
  /// - SeeAlso: Elfwing et al. 2017, arXiv:1702.03118.
  public func silu() throws -> Tensor { try SiLU()(self) }

  /// x·tanh(ln(1 + eˣ)).
  ///
  /// Any shape, floating point; the result has the same shape and type.
  /// - SeeAlso: Misra 2019, arXiv:1908.08681.
  public func mish() throws -> Tensor { try Mish()(self) }
}
