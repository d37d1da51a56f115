/// The cross-entropy between the softmax of each line of logits and an integer label, with a weight
/// for each class: the losses, and the weights that they were given.
///
/// Operands: logits `[batch, classes, …]` in a floating-point type, labels `[batch, …]` as `int32`,
/// weights `[classes]` in the logits' type. With smoothing ε the loss of a line is
/// (1 − ε)·w[label]·(−ln p[label]) + ε/classes · Σ w·(−ln p). An ignored label gives a loss and a
/// weight of 0; another one outside `0..<classes`, NaN.
public struct CrossEntropy: CrossEntropyPrimitive {
  /// The name in saved graphs.
  public static let name = "cross_entropy"
  /// What it computes.
  public static let summary = "−w·ln softmax(x)[label] along axis 1, and the weights w[label]"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to the logits and to the weights.
  public static let differentiability = Differentiability.differentiable

  /// The share ε of the target that all classes divide among them.
  public let labelSmoothing: Double
  /// The label that counts for nothing.
  public let ignoredLabel: Int?

  package init(labelSmoothing: Double = 0, ignoredLabel: Int? = nil) throws {
    (self.labelSmoothing, self.ignoredLabel) = try Self.checked(labelSmoothing, ignoredLabel)
  }
  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws {
    (labelSmoothing, ignoredLabel) = try Self.checked(attributes)
  }

  /// One loss and one weight a label, in the logits' type.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(3, inputs)
    try checkLines(inputs)
    let type = TensorType(inputs[1].shape, inputs[0].dtype)
    return [type, type]
  }

  /// The gradients of logits and weights, each as one primitive.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    let (logits, labels, weights) = (step.inputs[0], step.inputs[1], step.inputs[2])
    let zero = try logits.filled(with: 0).expanded(to: labels.shape)
    let lossGradient = step.upstream[0]
    let toLogits = try lossGradient.map {
      try CrossEntropyGradient(self)(logits, labels, weights, $0)
    }
    let shares = try CrossEntropyWeightGradient(self)(
      logits, labels, weights, lossGradient ?? zero, step.upstream[1] ?? zero)
    let axes = shares.shape.indices.filter { $0 != 1 }
    return [toLogits, nil, try shares.sum(axes: axes)]
  }
}

/// The gradient of `CrossEntropy` with respect to the logits.
///
/// Operands: logits, labels, weights, and the upstream gradient of the losses in the labels' shape.
public struct CrossEntropyGradient: CrossEntropyPrimitive {
  /// The name in saved graphs.
  public static let name = "cross_entropy_gradient"
  /// What it computes.
  public static let summary = "the gradient of cross_entropy with respect to the logits"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// None.
  public static let differentiability = Differentiability.none(
    reason: "second derivatives of the fused loss are not offered; compose it from log_softmax")

  /// The share ε of the target that all classes divide among them.
  public let labelSmoothing: Double
  /// The label that counts for nothing.
  public let ignoredLabel: Int?

  package init(_ forward: CrossEntropy) {
    labelSmoothing = forward.labelSmoothing
    ignoredLabel = forward.ignoredLabel
  }
  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws {
    (labelSmoothing, ignoredLabel) = try Self.checked(attributes)
  }

  /// The logits' type.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(4, inputs)
    try checkLines(inputs)
    return [inputs[0]]
  }
}

/// What each line adds to the gradient of `CrossEntropy` with respect to the weights.
///
/// Operands: logits, labels, weights, and the upstream gradients of the losses and of the weights
/// that these were given, in the labels' shape. The gradient is the sum of the result along all
/// axes but that of the classes.
public struct CrossEntropyWeightGradient: CrossEntropyPrimitive {
  /// The name in saved graphs.
  public static let name = "cross_entropy_weight_gradient"
  /// What it computes.
  public static let summary = "what each line adds to the gradient of cross_entropy's weights"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// None.
  public static let differentiability = Differentiability.none(
    reason: "second derivatives of the fused loss are not offered; compose it from log_softmax")

  /// The share ε of the target that all classes divide among them.
  public let labelSmoothing: Double
  /// The label that counts for nothing.
  public let ignoredLabel: Int?

  package init(_ forward: CrossEntropy) {
    labelSmoothing = forward.labelSmoothing
    ignoredLabel = forward.ignoredLabel
  }
  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws {
    (labelSmoothing, ignoredLabel) = try Self.checked(attributes)
  }

  /// The logits' type.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(5, inputs)
    try checkLines(inputs)
    return [inputs[0]]
  }
}
