/// The smallest element along axes; of no elements ∞ or the highest integer, NaN if any is NaN.
public struct ReduceMin: ReductionPrimitive {
  /// The name in saved graphs.
  public static let name = "reduce_min"
  /// What it computes.
  public static let summary =
    "the smallest element along axes; ∞ or the highest integer of no elements"
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
  /// The smallest element along axes; NaN if any is NaN.
  ///
  /// Any numeric type, which the result keeps. Of no elements: ∞, or the type's highest number.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce; nil for all, negative counts from the end.
  ///   - keepingAxes: Keeps the reduced axes with size 1.
  /// - Throws: `GraphError` if an axis does not exist or is named twice.
  public func min(axes: [Int]? = nil, keepingAxes: Bool = false) throws -> Tensor {
    let axes = try resolved(axes: axes, operation: "reduce_min")
    return try reduced(ReduceMin(axes: axes), keepingAxes: keepingAxes)
  }
}
