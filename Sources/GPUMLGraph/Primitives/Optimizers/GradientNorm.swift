/// The Euclidean norm of all gradients of a step together: √Σ g², without the loss scale.
///
/// Operands: gradients of any shapes, at least one, `float32`; the result is a scalar.
public struct GradientNorm: Primitive {
  /// The name in saved graphs.
  public static let name = "gradient_norm"
  /// What it computes.
  public static let summary = "the Euclidean norm of all gradients together"
  /// What the first operand may be.
  public static let dtypes = [DType.float32]
  /// None.
  public static let differentiability = Differentiability.none(
    reason: "it measures gradients; compose a norm within a loss from a sum of squares")

  /// The one value.
  public init() {}
  /// The one value.
  public init(_ attributes: Attributes) throws {}
  /// None.
  public var attributes: Attributes { Attributes() }

  /// A scalar.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    guard !inputs.isEmpty else {
      throw GraphError.invalidValue(operation: name, reason: "there are no gradients")
    }
    for type in inputs { try expectDType(type) }
    return [TensorType([], .float32)]
  }
}

/// The Euclidean norm of all gradients together, a scalar.
///
/// Gradients that lie side by side, as those of one optimizer do, are read in one pass.
///
/// - Parameter gradients: Of any shapes, at least one, `float32`.
/// - Throws: `GraphError` if there are none, or one is not `float32`.
public func globalNorm(of gradients: [Tensor]) throws -> Tensor {
  try Node(GradientNorm(), gradients).output()
}

/// What gradients are multiplied with so that their norm is at most `maximum`:
/// min(1, maximum / norm), a scalar.
///
/// - Parameters:
///   - norm: That of all gradients together, from `globalNorm(of:)`; it may span the parameters of
///     several updates, each of which takes the scale.
///   - maximum: Above 0.
/// - Throws: `GraphError.invalidValue` if `maximum` is not above 0 and finite.
/// - SeeAlso: Pascanu et al. 2013, arXiv:1211.5063.
public func clippingScale(norm: Tensor, maximum: Double) throws -> Tensor {
  let maximum = try NumberBound.positive.checked(
    maximum, "the largest norm", operation: "clipping_scale")
  // A norm of NaN gives NaN, which the update refuses.
  return try norm.isAtMost(maximum).select(
    norm.filled(with: 1), norm.filled(with: maximum) / norm)
}

extension Tensor {
  /// Brings each element into −limit...limit; NaN stays: a gradient clipped by value.
  ///
  /// - Parameter limit: At least 0.
  /// - Throws: `GraphError` if `limit` is negative or not finite, or this tensor not of floating
  ///   point.
  public func clippedByValue(_ limit: Double) throws -> Tensor {
    guard dtype.isFloating else {
      throw GraphError.unsupportedDType(operation: "clip_by_value", dtype: dtype)
    }
    let limit = try NumberBound.atLeastZero.checked(
      limit, "the limit", operation: "clip_by_value", in: dtype)
    return try clamped(low: -limit, high: limit)
  }
}
