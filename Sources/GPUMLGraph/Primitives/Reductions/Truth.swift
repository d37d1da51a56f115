/// Whether any element along axes is true; false of no elements.
public struct ReduceAny: ReductionPrimitive {
  /// The name in saved graphs.
  public static let name = "any"
  /// What it computes.
  public static let summary = "whether any element along axes is true; false of none"
  /// What the first operand may be.
  public static let dtypes = [DType.bool]
  /// None.
  public static let differentiability = Differentiability.none(reason: "truth values have none")

  /// The axes that disappear, ascending.
  public let axes: [Int]

  /// Reduces along `axes`.
  public init(axes: [Int]) { self.axes = axes }
}

/// Whether all elements along axes are true; true of no elements.
public struct ReduceAll: ReductionPrimitive {
  /// The name in saved graphs.
  public static let name = "all"
  /// What it computes.
  public static let summary = "whether all elements along axes are true; true of none"
  /// What the first operand may be.
  public static let dtypes = [DType.bool]
  /// None.
  public static let differentiability = Differentiability.none(reason: "truth values have none")

  /// The axes that disappear, ascending.
  public let axes: [Int]

  /// Reduces along `axes`.
  public init(axes: [Int]) { self.axes = axes }
}

extension Tensor {
  /// Whether any element along axes is true; false of no elements. Takes and gives `bool`.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce; nil for all, negative counts from the end.
  ///   - keepingAxes: Keeps the reduced axes with size 1.
  /// - Throws: `GraphError` if an axis does not exist or is named twice, or for another type.
  public func any(axes: [Int]? = nil, keepingAxes: Bool = false) throws -> Tensor {
    let axes = try resolved(axes: axes, operation: "any")
    return try reduced(ReduceAny(axes: axes), keepingAxes: keepingAxes)
  }

  /// Whether all elements along axes are true; true of no elements. Takes and gives `bool`.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce; nil for all, negative counts from the end.
  ///   - keepingAxes: Keeps the reduced axes with size 1.
  /// - Throws: `GraphError` if an axis does not exist or is named twice, or for another type.
  public func all(axes: [Int]? = nil, keepingAxes: Bool = false) throws -> Tensor {
    let axes = try resolved(axes: axes, operation: "all")
    return try reduced(ReduceAll(axes: axes), keepingAxes: keepingAxes)
  }
}
