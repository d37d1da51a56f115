/// The softmax along the last axis: exp(x) divided by its sum, computed without overflow.
public struct Softmax: Primitive {
  /// The name in saved graphs.
  public static let name = "softmax"
  /// What it computes.
  public static let summary = "eˣ divided by its sum along the last axis"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// The one value.
  public init() {}
  /// The one value.
  public init(_ attributes: Attributes) throws {}
  /// None.
  public var attributes: Attributes { Attributes() }

  /// Shape and element type of the operand, which needs an axis.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(1, inputs)
    try expectFloating(inputs[0])
    if inputs[0].shape.isEmpty { throw mismatch(inputs, "a scalar has no axis") }
    return inputs
  }

  /// dx = y · (g − Σ g·y).
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil] }
    let weighted = try gradient * step.outputs[0]
    let total = try weighted.sum(axes: [-1], keepingAxes: true)
    return [try weighted - step.outputs[0] * total]
  }
}

extension Tensor {
  /// The softmax along the last axis.
  ///
  /// - Throws: `GraphError` if the tensor is a scalar or not of a floating-point type.
  public func softmax() throws -> Tensor { try Softmax()(self) }
}
