/// ln Σ eˣ along axes, without overflow; −∞ of no elements.
///
/// Computes in float32 from the largest element on: Σ eˣ⁻ᵐ never overflows. Where the largest is
/// infinite the result is it.
public struct LogSumExp: ReductionPrimitive {
  /// The name in saved graphs.
  public static let name = "log_sum_exp"
  /// What it computes.
  public static let summary = "ln Σ eˣ along axes; −∞ of no elements"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// The axes that disappear, ascending.
  public let axes: [Int]

  /// Reduces along `axes`.
  public init(axes: [Int]) { self.axes = axes }

  /// The vector-Jacobian product.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    // The softmax of x. Where all are −∞ it is 0, and an element of ∞ takes all.
    let x = step.inputs[0]
    let result = step.outputs[0]
    let isNothing = try result.isEqual(result.filled(with: -.infinity))
    let total = try restored(result.masked(where: isNothing, by: .infinity), to: x.shape)
    let difference = try (x - total).masked(where: x.isEqual(total), by: 0)
    return [try restored(gradient, to: x.shape) * difference.exp()]
  }
}

extension Tensor {
  /// ln Σ eˣ along axes, without overflow; −∞ of no elements. Floating point.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce; nil for all, negative counts from the end.
  ///   - keepingAxes: Keeps the reduced axes with size 1.
  /// - Throws: `GraphError` if an axis does not exist or is named twice, or for another type.
  public func logSumExp(axes: [Int]? = nil, keepingAxes: Bool = false) throws -> Tensor {
    let axes = try resolved(axes: axes, operation: "log_sum_exp")
    return try reduced(LogSumExp(axes: axes), keepingAxes: keepingAxes)
  }
}
