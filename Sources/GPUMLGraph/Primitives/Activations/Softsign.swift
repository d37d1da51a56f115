/// x/(1 + |x|), element by element; ±1 at ±∞.
public struct Softsign: UnaryPrimitive {
  /// The name in saved graphs.
  public static let name = "softsign"
  /// What it computes.
  public static let summary = "x/(1 + abs x)"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// The one value.
  public init() {}

  /// The vector-Jacobian product, g/(1 + |x|)².
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    let x = step.inputs[0]
    let inverse = try x.filled(with: 1) / (x.abs() + 1)
    return [try gradient * inverse * inverse]
  }
}

extension Tensor {
  /// x/(1 + |x|), which tends to ±1.
  ///
  /// Any shape, floating point; the result has the same shape and type.
  public func softsign() throws -> Tensor { try Softsign()(self) }
}
