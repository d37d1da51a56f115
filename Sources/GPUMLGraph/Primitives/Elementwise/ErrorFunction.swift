/// The error function, element by element.
public struct ErrorFunction: UnaryPrimitive {
  /// The name in saved graphs.
  public static let name = "erf"
  /// What it computes.
  public static let summary = "the error function of x"
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
    let slope = try (x * x * -1).exp() * 1.1283791670955126
    return [try gradient * slope]
  }
}

extension Tensor {
  /// The error function, 2/√π ∫₀ˣ exp(−t²) dt.
  ///
  /// Any shape, floating point; the result has the same shape and type.
  public func erf() throws -> Tensor { try ErrorFunction()(self) }
}
