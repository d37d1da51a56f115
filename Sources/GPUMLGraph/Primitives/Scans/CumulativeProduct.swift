/// The product of each element and all before it along one axis.
///
/// Floating-point types multiply in float32. Whole numbers give `int64`, which wraps around.
public struct CumulativeProduct: CumulativePrimitive {
  /// The name in saved graphs.
  public static let name = "cumprod"
  /// What it computes.
  public static let summary = "the product of all elements up to each along an axis"
  /// What the first operand may be.
  public static let dtypes = DType.numeric
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// The axis along which elements are multiplied.
  public let axis: Int
  /// Whether an element is left out of its own product.
  public let isExclusive: Bool
  /// Whether it goes from the end to the beginning.
  public let isReversed: Bool

  /// Multiplies along `axis`.
  public init(axis: Int, exclusive: Bool, reversed: Bool) {
    self.axis = axis
    isExclusive = exclusive
    isReversed = reversed
  }

  /// The product before each element times what follows from it, without division: elements may
  /// be 0.
  ///
  /// dxᵢ = (Π_{j<i} xⱼ) · rᵢ with rᵢ = gᵢ + xᵢ₊₁ · rᵢ₊₁, a recurrence from the other end.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    // In float32, because products of parts may leave the range of float16.
    let x = try step.inputs[0].cast(to: .float32)
    let before = try x.cumulativeProduct(axis: axis, exclusive: true, reversed: isReversed)
    let after = try gradient.cast(to: .float32).linearRecurrence(
      factors: x, axis: axis, form: isExclusive ? .exclusive : .shifted, reversed: !isReversed)
    return [try (before * after).cast(to: step.inputs[0].dtype)]
  }
}

extension Tensor {
  /// The product of each element and all before it along one axis.
  ///
  /// Any shape with an axis and any numeric type; the result has the same shape, and `int64` for
  /// whole numbers.
  ///
  /// - Parameters:
  ///   - axis: Negative counts from the end.
  ///   - exclusive: Leaves each element out of its own product; the first is 1.
  ///   - reversed: Goes from the end to the beginning.
  /// - Throws: `GraphError.shapeMismatch` if the axis does not exist.
  public func cumulativeProduct(
    axis: Int, exclusive: Bool = false, reversed: Bool = false
  ) throws -> Tensor {
    let axis = try resolved(axis: axis, operation: CumulativeProduct.name)
    return try CumulativeProduct(axis: axis, exclusive: exclusive, reversed: reversed)(self)
  }
}
