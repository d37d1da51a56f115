/// The rectifier that ends at 6, min(max(x, 0), 6), element by element; NaN stays NaN.
///
/// - SeeAlso: Howard et al. 2017, arXiv:1704.04861.
public struct ReLU6: UnaryPrimitive {
  /// The name in saved graphs.
  public static let name = "relu6"
  /// What it computes.
  public static let summary = "min(max(x, 0), 6); NaN stays NaN"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// The one value.
  public init() {}

  /// The vector-Jacobian product: nothing passes at 0 and below, nor at 6 and above.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    let y = step.outputs[0]
    let isFull = try LessOrEqual()(y.filled(with: 6), y)
    return [try gradient.masked(where: y.isAtMost(0), by: 0).masked(where: isFull, by: 0)]
  }
}

extension Tensor {
  /// The rectifier that ends at 6, min(max(x, 0), 6); NaN stays NaN.
  ///
  /// Any shape, floating point; the result has the same shape and type.
  /// - SeeAlso: Howard et al. 2017, arXiv:1704.04861.
  public func relu6() throws -> Tensor { try ReLU6()(self) }
}
