/// Whether any element along axes is true, which all but 0 are; false of no elements.
public struct ReduceAny: ReductionPrimitive {
  /// The name in saved graphs.
  public static let name = "any"
  /// What it computes.
  public static let summary = "whether any element along axes is true, not 0; false of none"
  /// What the first operand may be.
  public static let dtypes = DType.allCases
  /// None.
  public static let differentiability = Differentiability.none(reason: "truth values have none")

  /// The axes that disappear, ascending.
  public let axes: [Int]

  /// Reduces along `axes`.
  public init(axes: [Int]) { self.axes = axes }

  /// Truth values.
  public func resultDType(_ operand: DType) -> DType { .bool }
}

/// Whether all elements along axes are true, which all but 0 are; true of no elements.
public struct ReduceAll: ReductionPrimitive {
  /// The name in saved graphs.
  public static let name = "all"
  /// What it computes.
  public static let summary = "whether all elements along axes are true, not 0; true of none"
  /// What the first operand may be.
  public static let dtypes = DType.allCases
  /// None.
  public static let differentiability = Differentiability.none(reason: "truth values have none")

  /// The axes that disappear, ascending.
  public let axes: [Int]

  /// Reduces along `axes`.
  public init(axes: [Int]) { self.axes = axes }

  /// Truth values.
  public func resultDType(_ operand: DType) -> DType { .bool }
}

extension Tensor {
  /// Whether any element along axes is true; false of no elements.
  ///
  /// Of numbers all but 0 are true, NaN too. The result is `bool`.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce; nil for all, negative counts from the end.
  ///   - keepingAxes: Keeps the reduced axes with size 1.
  /// - Throws: `GraphError` if an axis does not exist or is named twice.
  public func any(axes: [Int]? = nil, keepingAxes: Bool = false) throws -> Tensor {
    let axes = try resolved(axes: axes, operation: "any")
    return try reduced(ReduceAny(axes: axes), keepingAxes: keepingAxes)
  }

  /// Whether all elements along axes are true; true of no elements.
  ///
  /// Of numbers all but 0 are true, NaN too. The result is `bool`.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce; nil for all, negative counts from the end.
  ///   - keepingAxes: Keeps the reduced axes with size 1.
  /// - Throws: `GraphError` if an axis does not exist or is named twice.
  public func all(axes: [Int]? = nil, keepingAxes: Bool = false) throws -> Tensor {
    let axes = try resolved(axes: axes, operation: "all")
    return try reduced(ReduceAll(axes: axes), keepingAxes: keepingAxes)
  }
}
