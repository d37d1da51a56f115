/// Takes each element from the second operand where the first is true, else from the third.
public struct Select: ElementwisePrimitive {
  /// The name in saved graphs.
  public static let name = "select"
  /// What it computes.
  public static let summary = "a where the condition holds, else b"
  /// What the first operand may be.
  public static let dtypes = [DType.bool]
  /// Gradients flow to the second and the third operand.
  public static let differentiability = Differentiability.differentiable
  /// None.
  public var attributes: Attributes { Attributes() }

  /// The one value.
  public init() {}
  /// The one value.
  public init(_ attributes: Attributes) throws {}

  /// The broadcast shape of all three, the type of the second and third.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(3, inputs)
    guard inputs[0].dtype == .bool else {
      throw GraphError.unsupportedDType(
        operation: "the condition of select", dtype: inputs[0].dtype)
    }
    guard inputs[1].dtype == inputs[2].dtype else {
      throw GraphError.invalidValue(
        operation: name,
        reason: "the operands are \(inputs[1].dtype) and \(inputs[2].dtype); cast one of them")
    }
    guard let branches = Broadcasting.shape(inputs[1].shape, inputs[2].shape),
      let shape = Broadcasting.shape(inputs[0].shape, branches)
    else { throw mismatch(inputs, "the shapes do not broadcast") }
    return [TensorType(shape, inputs[1].dtype)]
  }

  /// The vector-Jacobian product.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil, nil, nil] }
    let condition = step.inputs[0]
    let zero = try gradient.filled(with: 0)
    return [
      nil,
      try Select()(condition, gradient, zero).summed(to: step.inputs[1].shape),
      try Select()(condition, zero, gradient).summed(to: step.inputs[2].shape),
    ]
  }
}

extension Tensor {
  /// `first` where this tensor (of type `bool`) is true, else `second`, with promotion.
  public func select(_ first: Tensor, _ second: Tensor) throws -> Tensor {
    try .where(self, first, second)
  }

  /// The same elements but `value`, which the tensor's type must hold, where `condition` is true.
  public func masked(where condition: Tensor, by value: Double) throws -> Tensor {
    try Select()(condition, filled(with: value), self)
  }
}
