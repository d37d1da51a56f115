/// The mean along axes; NaN of no elements. Accumulates in float32.
public struct ReduceMean: ReductionPrimitive {
  /// The name in saved graphs.
  public static let name = "mean"
  /// What it computes.
  public static let summary = "the mean along axes; NaN of no elements"
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
    let shape = step.inputs[0].shape
    return [try restored(gradient.divided(byCount: axes.map { shape[$0] }), to: shape)]
  }
}

extension Tensor {
  /// The mean along axes; NaN of no elements.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce; nil for all, negative counts from the end.
  ///   - keepingAxes: Keeps the reduced axes with size 1.
  /// - Throws: `GraphError` if an axis does not exist or is named twice.
  public func mean(axes: [Int]? = nil, keepingAxes: Bool = false) throws -> Tensor {
    let axes = try resolved(axes: axes, operation: "mean")
    return try reduced(ReduceMean(axes: axes), keepingAxes: keepingAxes)
  }
}
