/// The sum of each element and all before it along one axis.
///
/// Floating-point types accumulate in float32. Whole numbers and truth values give `int64`, as
/// `ReduceSum` does.
public struct CumulativeSum: CumulativePrimitive {
  /// The name in saved graphs.
  public static let name = "cumsum"
  /// What it computes.
  public static let summary = "the sum of all elements up to each along an axis"
  /// What the first operand may be.
  public static let dtypes = DType.allCases
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// The axis along which elements are summed.
  public let axis: Int
  /// Whether an element is left out of its own sum.
  public let isExclusive: Bool
  /// Whether it goes from the end to the beginning.
  public let isReversed: Bool

  /// Sums along `axis`.
  public init(axis: Int, exclusive: Bool, reversed: Bool) {
    self.axis = axis
    isExclusive = exclusive
    isReversed = reversed
  }

  /// The same sum of the gradient, from the other end.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    let other = CumulativeSum(axis: axis, exclusive: isExclusive, reversed: !isReversed)
    return [try step.gradient.map { try other($0) }]
  }
}

extension Tensor {
  /// The sum of each element and all before it along one axis.
  ///
  /// Any shape with an axis and any element type; the result has the same shape, and `int64` for
  /// whole numbers and truth values.
  ///
  /// - Parameters:
  ///   - axis: Negative counts from the end.
  ///   - exclusive: Leaves each element out of its own sum; the first is 0.
  ///   - reversed: Goes from the end to the beginning.
  /// - Throws: `GraphError.shapeMismatch` if the axis does not exist.
  public func cumulativeSum(
    axis: Int, exclusive: Bool = false, reversed: Bool = false
  ) throws -> Tensor {
    let axis = try resolved(axis: axis, operation: CumulativeSum.name)
    return try CumulativeSum(axis: axis, exclusive: exclusive, reversed: reversed)(self)
  }
}
