extension Tensor {
  /// The cross-entropy between the softmax of logits and class indices.
  ///
  /// With smoothing ε, class weights w and p the softmax along the classes, the loss of a label is
  /// (1 − ε)·w[label]·(−ln p[label]) + ε/classes · Σ w·(−ln p). A label outside `0..<classes` gives
  /// NaN unless it is the ignored one, whose loss is 0. The numbers are those of PyTorch.
  ///
  /// - Parameters:
  ///   - labels: `[batch, …]` for logits `[batch, classes, …]`, or a scalar for logits `[classes]`;
  ///     `int32` or `int64`.
  ///   - weights: One for each class, `[classes]` in the logits' type; by default 1.
  ///   - labelSmoothing: The share ε of the target that all classes divide among them, 0 to 1.
  ///   - ignoredLabel: A label that counts for nothing, such as that of padding.
  ///   - reduction: The mean is the sum of the losses divided by the sum of w[label] over the labels
  ///     that are not ignored; NaN if there are none.
  /// - Returns: A scalar, or one loss a label; in the logits' type.
  /// - Throws: `GraphError` if shapes, types or numbers do not fit.
  /// - SeeAlso: Szegedy et al. 2015, arXiv:1512.00567, for the smoothing.
  public func crossEntropy(
    labels: Tensor, weights: Tensor? = nil, labelSmoothing: Double = 0,
    ignoring ignoredLabel: Int? = nil, reduction: LossReduction = .mean
  ) throws -> Tensor {
    let name = CrossEntropy.name
    let primitive = try CrossEntropy(labelSmoothing: labelSmoothing, ignoredLabel: ignoredLabel)
    guard labels.dtype == .int32 || labels.dtype == .int64 else {
      throw GraphError.unsupportedDType(operation: "\(name) labels", dtype: labels.dtype)
    }
    let classAxis = try classAxis(operation: name)
    let lines = shape[..<classAxis] + shape[(classAxis + 1)...]
    guard labels.shape == Array(lines) else {
      throw GraphError.shapeMismatch(
        operation: name, shapes: [shape.text, labels.shape.text],
        reason: "takes logits [batch, classes, …] and labels [batch, …]")
    }
    // Labels beyond int32 stay out of range: the conversion ends at its limits.
    let indices = try labels.cast(to: .int32)
    if rank == 1 {
      let result = try reshaped(to: [1] + shape).weightedCrossEntropy(
        primitive, indices.reshaped(to: [1]), weights, reduction)
      return try result.reshaped(to: [])
    }
    let isPlain = weights == nil && labelSmoothing == 0 && ignoredLabel == nil
    if isPlain, rank == 2 {
      return try softmaxCrossEntropy(labels: indices).reducedLoss(reduction)
    }
    return try weightedCrossEntropy(primitive, indices, weights, reduction)
  }

  private func weightedCrossEntropy(
    _ primitive: CrossEntropy, _ labels: Tensor, _ weights: Tensor?, _ reduction: LossReduction
  ) throws -> Tensor {
    let weights = try weights ?? filled(with: 1).expanded(to: [shape[1]])
    let node = try Node(primitive, [self, labels, weights])
    let losses = node.output(0)
    if reduction != .mean { return try losses.reducedLoss(reduction) }
    // Sums over a batch may leave the range of float16.
    let (total, kept) = try (
      losses.cast(to: .float32).sum(), node.output(1).cast(to: .float32).sum()
    )
    return try (total / kept).cast(to: dtype)
  }

  /// The cross-entropy between the softmax of logits and distributions over the classes,
  /// −Σ w·t·ln p with t = (1 − ε)·target + ε/classes.
  ///
  /// The numbers are those of PyTorch.
  /// - Parameters:
  ///   - probabilities: The targets in the logits' shape and type, `[batch, classes, …]` or
  ///     `[classes]`; along the classes each should add up to 1.
  ///   - weights: One for each class, `[classes]` in the logits' type; by default 1.
  ///   - labelSmoothing: The share ε of the target that all classes divide among them, 0 to 1.
  ///   - reduction: The mean is that of the losses; weights do not divide it.
  /// - Returns: A scalar, or one loss a distribution; in the logits' type.
  /// - Throws: `GraphError` if shapes, types or numbers do not fit.
  public func crossEntropy(
    probabilities: Tensor, weights: Tensor? = nil, labelSmoothing: Double = 0,
    reduction: LossReduction = .mean
  ) throws -> Tensor {
    let name = CrossEntropy.name
    let smoothing = try CrossEntropy(labelSmoothing: labelSmoothing).labelSmoothing
    let classAxis = try classAxis(operation: name)
    try expectTarget(probabilities, operation: name)
    var target = probabilities
    if smoothing > 0 {
      let share = try filled(with: smoothing) / SizeOf.tensor([shape[classAxis]], dtype: dtype)
      target = try target * (1 - smoothing) + share
    }
    if let weights {
      guard weights.shape == [shape[classAxis]] else {
        throw GraphError.shapeMismatch(
          operation: name, shapes: [shape.text, weights.shape.text],
          reason: "takes one weight a class")
      }
      let ones = [Dim](repeating: 1, count: rank - classAxis - 1)
      target = try target * weights.reshaped(to: weights.shape + ones)
    }
    let products = try target * logSoftmax(axis: classAxis)
    return try (-products.sum(axes: [classAxis])).reducedLoss(reduction)
  }

  /// The axis of the classes: the second, or the only one.
  private func classAxis(operation: String) throws -> Int {
    guard dtype.isFloating else {
      throw GraphError.unsupportedDType(operation: operation, dtype: dtype)
    }
    guard rank > 0 else {
      throw GraphError.shapeMismatch(
        operation: operation, shapes: [shape.text], reason: "a scalar has no classes")
    }
    return rank == 1 ? 0 : 1
  }
}
