/// The product along axes; 1 of no elements.
///
/// Floating-point types multiply in float32. Whole numbers give `int64`, which wraps around.
public struct ReduceProduct: ReductionPrimitive {
  /// The name in saved graphs.
  public static let name = "product"
  /// What it computes.
  public static let summary = "the product along axes, int64 for integers; 1 of no elements"
  /// What the first operand may be.
  public static let dtypes = DType.numeric
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// The axes that disappear, ascending.
  public let axes: [Int]

  /// Reduces along `axes`.
  public init(axes: [Int]) { self.axes = axes }

  /// `int64` for whole numbers.
  public func resultDType(_ operand: DType) -> DType { operand.accumulated }

  /// The vector-Jacobian product.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    // In float32, because products of parts may leave the range of float16.
    let x = try step.inputs[0].cast(to: .float32)
    let upstream = try restored(gradient, to: x.shape).cast(to: .float32)
    return [try (upstream * productOfOthers(x)).cast(to: step.inputs[0].dtype)]
  }

  /// For each element the product of all others in its group, without division: elements may be 0.
  private func productOfOthers(_ x: Tensor) throws -> Tensor {
    if axes.count == 1 { return try x.productOfOthers(axis: axes[0]) }
    let kept = x.shape.indices.filter { !axes.contains($0) }
    let order = kept + axes
    let ordered = try x.transposed(order)
    let count = axes.map { x.shape[$0] }.elementCount
    let others = try ordered.reshaped(to: kept.map { x.shape[$0] } + [count])
      .productOfOthers(axis: kept.count)
    var back = order
    for (place, axis) in order.enumerated() { back[axis] = place }
    return try others.reshaped(to: ordered.shape).transposed(back)
  }
}

extension Tensor {
  /// The product along axes; 1 of no elements.
  ///
  /// Any numeric type; whole numbers give `int64`, which wraps around.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce; nil for all, negative counts from the end.
  ///   - keepingAxes: Keeps the reduced axes with size 1.
  /// - Throws: `GraphError` if an axis does not exist or is named twice, or for another type.
  public func product(axes: [Int]? = nil, keepingAxes: Bool = false) throws -> Tensor {
    let axes = try resolved(axes: axes, operation: "product")
    return try reduced(ReduceProduct(axes: axes), keepingAxes: keepingAxes)
  }

  /// For each element the product of all others along an axis.
  fileprivate func productOfOthers(axis: Int) throws -> Tensor {
    try cumulativeProduct(axis: axis, exclusive: true)
      * cumulativeProduct(axis: axis, exclusive: true, reversed: true)
  }
}
