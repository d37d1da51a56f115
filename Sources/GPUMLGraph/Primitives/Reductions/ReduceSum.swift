/// The sum along axes; 0 of no elements.
///
/// Floating-point types accumulate in float32. Whole numbers and truth values give `int64`, as in
/// NumPy and PyTorch: the sum of truth values counts how many are true.
public struct ReduceSum: ReductionPrimitive {
  /// The name in saved graphs.
  public static let name = "sum"
  /// What it computes.
  public static let summary = "the sum along axes, int64 for integers and bool; 0 of no elements"
  /// What the first operand may be.
  public static let dtypes = DType.allCases
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// The axes that disappear, ascending.
  public let axes: [Int]

  /// Reduces along `axes`.
  public init(axes: [Int]) { self.axes = axes }

  /// `int64` for whole numbers and truth values.
  public func resultDType(_ operand: DType) -> DType { operand.accumulated }

  /// The vector-Jacobian product.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    return [try restored(gradient, to: step.inputs[0].shape)]
  }
}

extension Tensor {
  /// The sum along axes; 0 of no elements.
  ///
  /// Any element type; whole numbers and truth values give `int64`.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce; nil for all, negative counts from the end.
  ///   - keepingAxes: Keeps the reduced axes with size 1.
  /// - Throws: `GraphError` if an axis does not exist or is named twice.
  public func sum(axes: [Int]? = nil, keepingAxes: Bool = false) throws -> Tensor {
    let axes = try resolved(axes: axes, operation: "sum")
    return try reduced(ReduceSum(axes: axes), keepingAxes: keepingAxes)
  }
}
