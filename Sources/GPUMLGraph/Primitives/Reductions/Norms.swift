/// The sum of magnitudes along axes; 0 of no elements. Accumulates in float32.
public struct L1Norm: ReductionPrimitive {
  /// The name in saved graphs.
  public static let name = "l1_norm"
  /// What it computes.
  public static let summary = "the sum of magnitudes along axes; 0 of no elements"
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
    let x = step.inputs[0]
    let upstream = try restored(gradient, to: x.shape)
    // At 0, where it has a kink, it is taken as 0.
    let positive = try upstream.masked(where: x.isEqual(x.filled(with: 0)), by: 0)
    return [try x.isLess(0).select(upstream * -1, positive)]
  }
}

/// The sum of squares along axes; 0 of no elements. Accumulates in float32.
public struct SumOfSquares: ReductionPrimitive {
  /// The name in saved graphs.
  public static let name = "sum_of_squares"
  /// What it computes.
  public static let summary = "the sum of squares along axes; 0 of no elements"
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
    let x = step.inputs[0]
    return [try restored(gradient * 2, to: x.shape) * x]
  }
}

/// The square root of the sum of squares along axes; 0 of no elements.
///
/// Accumulates squares in float32, which end at magnitudes of 1.8e19.
public struct L2Norm: ReductionPrimitive {
  /// The name in saved graphs.
  public static let name = "l2_norm"
  /// What it computes.
  public static let summary = "the square root of the sum of squares along axes; 0 of no elements"
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
    // x/‖x‖, and 0 at 0, where it has a kink.
    let (x, norm) = (step.inputs[0], step.outputs[0])
    let isZero = try norm.isEqual(norm.filled(with: 0))
    let scale = try (gradient / norm.masked(where: isZero, by: 1)).masked(where: isZero, by: 0)
    return [try restored(scale, to: x.shape) * x]
  }
}

extension Tensor {
  /// The sum of magnitudes along axes; 0 of no elements. Floating point.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce; nil for all, negative counts from the end.
  ///   - keepingAxes: Keeps the reduced axes with size 1.
  /// - Throws: `GraphError` if an axis does not exist or is named twice, or for another type.
  public func l1Norm(axes: [Int]? = nil, keepingAxes: Bool = false) throws -> Tensor {
    let axes = try resolved(axes: axes, operation: "l1_norm")
    return try reduced(L1Norm(axes: axes), keepingAxes: keepingAxes)
  }

  /// The sum of squares along axes; 0 of no elements. Floating point.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce; nil for all, negative counts from the end.
  ///   - keepingAxes: Keeps the reduced axes with size 1.
  /// - Throws: `GraphError` if an axis does not exist or is named twice, or for another type.
  public func sumOfSquares(axes: [Int]? = nil, keepingAxes: Bool = false) throws -> Tensor {
    let axes = try resolved(axes: axes, operation: "sum_of_squares")
    return try reduced(SumOfSquares(axes: axes), keepingAxes: keepingAxes)
  }

  /// The square root of the sum of squares along axes; 0 of no elements. Floating point.
  ///
  /// Its gradient at 0 is 0.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce; nil for all, negative counts from the end.
  ///   - keepingAxes: Keeps the reduced axes with size 1.
  /// - Throws: `GraphError` if an axis does not exist or is named twice, or for another type.
  public func l2Norm(axes: [Int]? = nil, keepingAxes: Bool = false) throws -> Tensor {
    let axes = try resolved(axes: axes, operation: "l2_norm")
    return try reduced(L2Norm(axes: axes), keepingAxes: keepingAxes)
  }
}
