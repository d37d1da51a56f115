/// The largest element along axes; of no elements −∞ or the lowest integer, NaN if any is NaN. Of zeros of
/// both signs it is either.
public struct ReduceMax: ReductionPrimitive {
  /// The name in saved graphs.
  public static let name = "reduce_max"
  /// What it computes.
  public static let summary =
    "the largest element along axes; −∞ or the lowest integer of no elements"
  /// What the first operand may be.
  public static let dtypes = DType.numeric
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// The axes that disappear, ascending.
  public let axes: [Int]

  /// Reduces along `axes`.
  public init(axes: [Int]) { self.axes = axes }

  /// The vector-Jacobian product.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] { try sharedGradient(step) }
}

extension Tensor {
  /// The largest element along axes; NaN if any is NaN.
  ///
  /// Any numeric type, which the result keeps. Of no elements: −∞, or the type's lowest number.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce; nil for all, negative counts from the end.
  ///   - keepingAxes: Keeps the reduced axes with size 1.
  /// - Throws: `GraphError` if an axis does not exist or is named twice.
  public func max(axes: [Int]? = nil, keepingAxes: Bool = false) throws -> Tensor {
    let axes = try resolved(axes: axes, operation: "reduce_max")
    return try reduced(ReduceMax(axes: axes), keepingAxes: keepingAxes)
  }
}
