/// The cross-entropy between the softmax of each row and an integer label: one loss a row.
///
/// Operands: logits `[rows, classes]` in a floating-point type, labels `[rows]` as `int32`. A label
/// outside `0..<classes` gives NaN.
public struct SoftmaxCrossEntropy: Primitive {
  /// The name in saved graphs.
  public static let name = "softmax_cross_entropy"
  /// What it computes.
  public static let summary = "−ln softmax(x)[label], a row"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to the logits.
  public static let differentiability = Differentiability.differentiable

  /// The one value.
  public init() {}
  /// The one value.
  public init(_ attributes: Attributes) throws {}
  /// None.
  public var attributes: Attributes { Attributes() }

  /// `[rows]` in the logits' type.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(2, inputs)
    try Self.check(inputs, self)
    return [TensorType([inputs[0].shape[0]], inputs[0].dtype)]
  }

  /// (softmax(logits) − onehot(label)) · g, as one primitive.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil, nil] }
    return [try SoftmaxCrossEntropyGradient()(step.inputs[0], step.inputs[1], gradient), nil]
  }

  fileprivate static func check(_ inputs: [TensorType], _ primitive: some Primitive) throws {
    try primitive.expectFloating(inputs[0])
    guard inputs[1].dtype == .int32 else {
      throw GraphError.unsupportedDType(
        operation: "\(primitive.name) labels", dtype: inputs[1].dtype)
    }
    guard inputs[0].shape.count == 2, inputs[1].shape == [inputs[0].shape[0]] else {
      throw primitive.mismatch(inputs, "takes logits [rows, classes] and labels [rows]")
    }
  }
}

/// The gradient of `SoftmaxCrossEntropy` with respect to the logits.
///
/// Operands: logits `[rows, classes]`, labels `[rows]`, upstream gradient `[rows]`. A label outside
/// `0..<classes` gives a row of NaN.
public struct SoftmaxCrossEntropyGradient: Primitive {
  /// The name in saved graphs.
  public static let name = "softmax_cross_entropy_gradient"
  /// What it computes.
  public static let summary = "the gradient of softmax_cross_entropy"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// None.
  public static let differentiability = Differentiability.none(
    reason: "second derivatives of the fused loss are not offered; compose it from softmax")

  /// The one value.
  public init() {}
  /// The one value.
  public init(_ attributes: Attributes) throws {}
  /// None.
  public var attributes: Attributes { Attributes() }

  /// The logits' type.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(3, inputs)
    try SoftmaxCrossEntropy.check(inputs, self)
    guard inputs[2].shape == inputs[1].shape, inputs[2].dtype == inputs[0].dtype else {
      throw mismatch(inputs, "takes one upstream gradient a row")
    }
    return [inputs[0]]
  }
}

extension Tensor {
  /// The softmax cross-entropy of logits `[rows, classes]` with integer labels: one loss a row.
  ///
  /// - Parameter labels: Shape `[rows]`, `int32`, each in `0..<classes`.
  /// - Throws: `GraphError` if shapes or types do not fit.
  public func softmaxCrossEntropy(labels: Tensor) throws -> Tensor {
    try SoftmaxCrossEntropy()(self, labels)
  }
}
