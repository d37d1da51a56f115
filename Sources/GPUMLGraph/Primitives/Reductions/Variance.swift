/// A primitive that tells how far elements lie from their mean along axes.
///
/// Sums Σ(x−m)² around the mean m in float32 and takes off what the rounding of m left in it, so
/// that a large mean costs no accuracy. NaN of no elements, and of one if `correction` is 1.
/// - SeeAlso: Chan, Golub and LeVeque 1983, "Algorithms for computing the sample variance", (1.7).
public protocol DeviationPrimitive: ReductionPrimitive {
  /// What is taken off the number of elements that the sum is divided by: 0 or 1.
  var correction: Int { get }
  /// Takes both as they are.
  init(axes: [Int], correction: Int)
}

extension DeviationPrimitive {
  /// Along `axes`, of all there is, not of a sample.
  public init(axes: [Int]) { self.init(axes: axes, correction: 0) }

  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws {
    self.init(axes: try attributes.ints("axes"), correction: try attributes.int("correction"))
  }

  /// The axes and the correction.
  public var attributes: Attributes {
    Attributes(["axes": .ints(axes), "correction": .int(correction)])
  }

  /// The shape without the axes.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(1, inputs)
    try expectDType(inputs[0])
    guard correction == 0 || correction == 1 else {
      throw GraphError.invalidValue(
        operation: name, reason: "the correction is \(correction), neither 0 nor 1")
    }
    return [TensorType(try reducedShape(inputs), inputs[0].dtype)]
  }

  /// (x − m) · g/(n − correction).
  fileprivate func deviation(_ x: Tensor, times gradient: Tensor) throws -> Tensor {
    // In float32: rounded to 16 bits, a large mean would be off by as much as elements are from it.
    let wide = try x.cast(to: .float32)
    let scale = try gradient.cast(to: .float32)
      .divided(byCount: axes.map { x.shape[$0] }, correction: correction)
    let distance = try wide - wide.mean(axes: axes, keepingAxes: true)
    return try (restored(scale, to: x.shape) * distance).cast(to: x.dtype)
  }
}

/// The mean of the squared deviations from the mean along axes.
public struct Variance: DeviationPrimitive {
  /// The name in saved graphs.
  public static let name = "variance"
  /// What it computes.
  public static let summary = "the mean squared deviation from the mean along axes"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// The axes that disappear, ascending.
  public let axes: [Int]
  /// What is taken off the number of elements that the sum is divided by: 0 or 1.
  public let correction: Int

  /// Takes both as they are.
  public init(axes: [Int], correction: Int) {
    self.axes = axes
    self.correction = correction
  }

  /// 2(x − m)/(n − correction) · g.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    return [try deviation(step.inputs[0], times: gradient * 2)]
  }
}

/// The square root of the variance along axes.
public struct StandardDeviation: DeviationPrimitive {
  /// The name in saved graphs.
  public static let name = "standard_deviation"
  /// What it computes.
  public static let summary = "the square root of the variance along axes"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// The axes that disappear, ascending.
  public let axes: [Int]
  /// What is taken off the number of elements that the sum is divided by: 0 or 1.
  public let correction: Int

  /// Takes both as they are.
  public init(axes: [Int], correction: Int) {
    self.axes = axes
    self.correction = correction
  }

  /// (x − m)/((n − correction) · y) · g.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    // The root has no slope at 0; there the gradient is 0 and not NaN.
    let result = step.outputs[0]
    let isZero = try result.isEqual(result.filled(with: 0))
    let slope = try (gradient / result.masked(where: isZero, by: 1)).masked(where: isZero, by: 0)
    return [try deviation(step.inputs[0], times: slope)]
  }
}

extension Tensor {
  /// The mean of the squared deviations from the mean along axes. Floating point.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce; nil for all, negative counts from the end.
  ///   - correction: 0 divides by the number of elements, 1 by one less: the variance of what the
  ///     elements are a sample of.
  ///   - keepingAxes: Keeps the reduced axes with size 1.
  /// - Throws: `GraphError` if an axis does not exist or is named twice, for another correction or
  ///   another type.
  public func variance(
    axes: [Int]? = nil, correction: Int = 0, keepingAxes: Bool = false
  ) throws -> Tensor {
    let axes = try resolved(axes: axes, operation: Variance.name)
    return try reduced(Variance(axes: axes, correction: correction), keepingAxes: keepingAxes)
  }

  /// The square root of the variance along axes. Floating point. Its gradient at 0 is 0.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce; nil for all, negative counts from the end.
  ///   - correction: 0 divides by the number of elements, 1 by one less.
  ///   - keepingAxes: Keeps the reduced axes with size 1.
  /// - Throws: `GraphError` if an axis does not exist or is named twice, for another correction or
  ///   another type.
  public func standardDeviation(
    axes: [Int]? = nil, correction: Int = 0, keepingAxes: Bool = false
  ) throws -> Tensor {
    let axes = try resolved(axes: axes, operation: StandardDeviation.name)
    return try reduced(
      StandardDeviation(axes: axes, correction: correction), keepingAxes: keepingAxes)
  }
}
