/// The softmax along one axis: exp(x) divided by its sum, computed without overflow.
public struct Softmax: SoftmaxPrimitive {
  /// The name in saved graphs.
  public static let name = "softmax"
  /// What it computes.
  public static let summary = "eˣ divided by its sum along an axis"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// The axis; nil for the last one.
  public let axis: Int?

  /// Works along an axis, by default the last one.
  public init(axis: Int? = nil) { self.axis = axis }

  /// dx = y · (g − Σ g·y).
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    let y = step.outputs[0]
    let weighted = try gradient * y
    return [try weighted - y * weighted.sum(axes: [axis(rank: y.rank)], keepingAxes: true)]
  }
}

/// The logarithm of the softmax along one axis, x − ln Σ eˣ, computed without overflow.
public struct LogSoftmax: SoftmaxPrimitive {
  /// The name in saved graphs.
  public static let name = "log_softmax"
  /// What it computes.
  public static let summary = "x − ln Σ eˣ along an axis"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// The axis; nil for the last one.
  public let axis: Int?

  /// Works along an axis, by default the last one.
  public init(axis: Int? = nil) { self.axis = axis }

  /// dx = g − e^y · Σ g.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    let y = step.outputs[0]
    let total = try gradient.sum(axes: [axis(rank: y.rank)], keepingAxes: true)
    return [try gradient - y.exp() * total]
  }
}

extension Tensor {
  /// The softmax along an axis: exp(x) divided by its sum.
  ///
  /// Finite for every finite x.
  /// - Parameter axis: Negative counts from the end.
  /// - Throws: `GraphError` if there is no such axis or the tensor is not of a floating-point type.
  public func softmax(axis: Int = -1) throws -> Tensor { try Softmax.along(axis, of: self) }

  /// The logarithm of the softmax along an axis, x − ln Σ eˣ.
  ///
  /// Finite for every finite x, also where the softmax itself would be 0.
  /// - Parameter axis: Negative counts from the end.
  /// - Throws: `GraphError` if there is no such axis or the tensor is not of a floating-point type.
  public func logSoftmax(axis: Int = -1) throws -> Tensor { try LogSoftmax.along(axis, of: self) }
}
