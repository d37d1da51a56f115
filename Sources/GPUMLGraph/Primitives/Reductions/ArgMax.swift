/// A primitive that finds where an extreme element stands along one axis, as `int32`.
public protocol ArgumentPrimitive: Primitive {
  /// The axis that disappears.
  var axis: Int { get }
  /// Looks along `axis`.
  init(axis: Int)
}

extension ArgumentPrimitive {
  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws { self.init(axis: try attributes.int("axis")) }
  /// The axis.
  public var attributes: Attributes { Attributes(["axis": .int(axis)]) }

  /// The shape without the axis, which must not be empty.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(1, inputs)
    try expectDType(inputs[0])
    var shape = inputs[0].shape
    guard axis >= 0, axis < shape.count else {
      throw mismatch(inputs, "there is no axis \(axis)")
    }
    if shape.remove(at: axis) == 0 { throw mismatch(inputs, "axis \(axis) is empty") }
    return [TensorType(shape, .int32)]
  }
}

/// The place of the largest element along one axis, as `int32`; the first of several, and the first
/// NaN if there is one.
public struct ArgMax: ArgumentPrimitive {
  /// The name in saved graphs.
  public static let name = "argmax"
  /// What it computes.
  public static let summary = "where the largest element along an axis stands; the first of equals"
  /// What the first operand may be.
  public static let dtypes = DType.numeric
  /// None.
  public static let differentiability = Differentiability.none(reason: "the result is an index")

  /// The axis that disappears.
  public let axis: Int

  /// Looks along `axis`.
  public init(axis: Int) { self.axis = axis }
}

/// The place of the smallest element along one axis, as `int32`; the first of several, and the
/// first NaN if there is one.
public struct ArgMin: ArgumentPrimitive {
  /// The name in saved graphs.
  public static let name = "argmin"
  /// What it computes.
  public static let summary = "where the smallest element along an axis stands; the first of equals"
  /// What the first operand may be.
  public static let dtypes = DType.numeric
  /// None.
  public static let differentiability = Differentiability.none(reason: "the result is an index")

  /// The axis that disappears.
  public let axis: Int

  /// Looks along `axis`.
  public init(axis: Int) { self.axis = axis }
}

extension Tensor {
  /// The place of the largest element along `axis`, as `int32`; the first of several, and the first
  /// NaN if there is one. Any numeric type.
  ///
  /// - Parameters:
  ///   - axis: Negative counts from the end.
  ///   - keepingAxis: Keeps the axis with size 1.
  /// - Throws: `GraphError.shapeMismatch` if the axis does not exist or is empty.
  public func argmax(axis: Int = -1, keepingAxis: Bool = false) throws -> Tensor {
    let axis = try resolved(axis: axis, operation: ArgMax.name)
    return try restoring(axis, of: ArgMax(axis: axis)(self), if: keepingAxis)
  }

  /// The place of the smallest element along `axis`, as `int32`; the first of several, and the
  /// first NaN if there is one. Any numeric type.
  ///
  /// - Parameters:
  ///   - axis: Negative counts from the end.
  ///   - keepingAxis: Keeps the axis with size 1.
  /// - Throws: `GraphError.shapeMismatch` if the axis does not exist or is empty.
  public func argmin(axis: Int = -1, keepingAxis: Bool = false) throws -> Tensor {
    let axis = try resolved(axis: axis, operation: ArgMin.name)
    return try restoring(axis, of: ArgMin(axis: axis)(self), if: keepingAxis)
  }

  private func restoring(_ axis: Int, of result: Tensor, if keepingAxis: Bool) throws -> Tensor {
    if !keepingAxis { return result }
    var shape = result.shape
    shape.insert(1, at: axis)
    return try result.reshaped(to: shape)
  }
}
