extension Tensor {
  /// The binary cross-entropy between the logistic function of logits and targets,
  /// w·(−p·t·ln σ(x) − (1 − t)·ln(1 − σ(x))), finite for every finite x.
  ///
  /// - Parameters:
  ///   - target: Probabilities t in the shape and type of this tensor.
  ///   - weights: Factors w that stretch to this tensor's shape; by default 1.
  ///   - positiveWeights: Factors p of the positive part that stretch to this tensor's shape, such
  ///     as one for each class; by default 1.
  ///   - reduction: Mean or sum over all elements (weights do not divide the mean), or one loss an
  ///     element.
  /// - Throws: `GraphError` if shapes or types do not fit.
  public func binaryCrossEntropy(
    target: Tensor, weights: Tensor? = nil, positiveWeights: Tensor? = nil,
    reduction: LossReduction = .mean
  ) throws -> Tensor {
    let name = "binary_cross_entropy"
    try expectTarget(target, operation: name)
    try expectWeights(weights, "weights", operation: name)
    try expectWeights(positiveWeights, "positive weights", operation: name)
    // Both parts are at least 0, so that nothing cancels.
    var positive = try target * (-self).softplus()
    if let positiveWeights { positive = try positive * positiveWeights }
    var losses = try positive + (1 - target) * softplus()
    if let weights { losses = try losses * weights }
    return try losses.reducedLoss(reduction)
  }

  /// The Kullback-Leibler divergence of a model's distribution from a target's, element by element
  /// t·(ln t − x), where this tensor holds the logarithms x of the model's probabilities.
  ///
  /// Logarithms come from `logSoftmax(axis:)`; of probabilities take `log()` first. An element whose
  /// target is 0 adds nothing, whatever the model says, and gets no gradient.
  /// - Parameters:
  ///   - target: Probabilities t, in the shape and type of this tensor.
  ///   - isTargetLogarithmic: Whether `target` holds the logarithms of probabilities instead.
  ///   - reduction: Mean or sum over all elements, or one term an element. The mean over a batch, as
  ///     the definition has it, is the sum divided by the size of the batch.
  /// - Throws: `GraphError` if shapes or types differ.
  /// - SeeAlso: Kullback and Leibler 1951, "On information and sufficiency".
  public func klDivergence(
    target: Tensor, isTargetLogarithmic: Bool = false, reduction: LossReduction = .mean
  ) throws -> Tensor {
    try expectTarget(target, operation: "kl_divergence")
    if isTargetLogarithmic {
      return try (target.exp() * (target - self)).reducedLoss(reduction)
    }
    let isAbsent = try target.isEqual(target.filled(with: 0))
    // The logarithm of 1 stands in, so that no infinity meets the mask.
    let logarithm = try target.masked(where: isAbsent, by: 1).log()
    let difference = try logarithm - masked(where: isAbsent, by: 0)
    return try (target * difference).masked(where: isAbsent, by: 0).reducedLoss(reduction)
  }

  /// The hinge loss max(0, margin − target·x) of scores with targets of −1 and 1.
  ///
  /// - Parameters:
  ///   - target: −1 or 1, in the shape and type of this tensor.
  ///   - margin: How far on its side a score must be.
  ///   - reduction: Mean or sum over all elements, or one loss an element.
  /// - Throws: `GraphError` if shapes or types differ or the margin is not finite.
  /// - SeeAlso: Cortes and Vapnik 1995, "Support-vector networks".
  public func hingeLoss(
    target: Tensor, margin: Double = 1, reduction: LossReduction = .mean
  ) throws -> Tensor {
    try expectTarget(target, operation: "hinge_loss")
    let margin = try NumberBound.finite.checked(
      margin, "the margin", operation: "hinge_loss", in: dtype)
    return try (margin - self * target).relu().reducedLoss(reduction)
  }
}
