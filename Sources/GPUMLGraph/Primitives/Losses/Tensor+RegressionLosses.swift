extension Tensor {
  /// The squared error (x − target)².
  ///
  /// - Parameters:
  ///   - target: The shape and type of this tensor.
  ///   - reduction: Mean or sum over all elements, or one loss an element.
  /// - Throws: `GraphError` if shapes or types differ.
  public func squaredError(
    target: Tensor, reduction: LossReduction = .mean
  ) throws -> Tensor {
    try expectTarget(target, operation: "squared_error")
    let difference = try self - target
    return try (difference * difference).reducedLoss(reduction)
  }

  /// The mean of the squared differences, a scalar.
  ///
  /// - Parameter target: The shape and type of this tensor.
  /// - Throws: `GraphError` if shapes or types differ.
  public func meanSquaredError(target: Tensor) throws -> Tensor {
    try squaredError(target: target)
  }

  /// The absolute error |x − target|; where both are equal its gradient is 0.
  ///
  /// - Parameters:
  ///   - target: The shape and type of this tensor.
  ///   - reduction: Mean or sum over all elements, or one loss an element.
  /// - Throws: `GraphError` if shapes or types differ.
  public func absoluteError(
    target: Tensor, reduction: LossReduction = .mean
  ) throws -> Tensor {
    try distance(to: target, operation: "absolute_error").reducedLoss(reduction)
  }

  /// Huber's loss: half the squared error up to a distance δ, beyond it δ·(|x − target| − δ/2).
  ///
  /// - Parameters:
  ///   - target: The shape and type of this tensor.
  ///   - delta: The distance δ, positive.
  ///   - reduction: Mean or sum over all elements, or one loss an element.
  /// - Throws: `GraphError` if shapes or types differ or `delta` is not positive and finite in this
  ///   tensor's type.
  /// - SeeAlso: Huber 1964, "Robust estimation of a location parameter".
  public func huberLoss(
    target: Tensor, delta: Double = 1, reduction: LossReduction = .mean
  ) throws -> Tensor {
    let distance = try distance(to: target, operation: "huber_loss")
    let delta = try NumberBound.positive.checked(
      delta, "delta", operation: "huber_loss", in: dtype)
    // m·(d − m/2) with m = min(d, δ) is both cases at once, and squares nothing large.
    let isFar = try LessThan()(filled(with: delta), distance)
    let near = try distance.masked(where: isFar, by: delta)
    return try (near * (distance - near * 0.5)).reducedLoss(reduction)
  }

  /// The smooth absolute error: the squared error over 2β up to a distance β, beyond it
  /// |x − target| − β/2.
  ///
  /// - Parameters:
  ///   - target: The shape and type of this tensor.
  ///   - beta: The distance β; 0 gives the absolute error.
  ///   - reduction: Mean or sum over all elements, or one loss an element.
  /// - Throws: `GraphError` if shapes or types differ or `beta`, in this tensor's type, is neither 0
  ///   nor positive and finite.
  /// - SeeAlso: Girshick 2015, arXiv:1504.08083.
  public func smoothAbsoluteError(
    target: Tensor, beta: Double = 1, reduction: LossReduction = .mean
  ) throws -> Tensor {
    if beta == 0 { return try absoluteError(target: target, reduction: reduction) }
    let losses = try huberLoss(target: target, delta: beta, reduction: .none)
    return try (losses * (1 / beta)).reducedLoss(reduction)
  }

  /// The cosine of the angle between vectors along an axis, x·y / (max(‖x‖, ε)·max(‖y‖, ε)).
  ///
  /// Computed in float32 whatever the type: the squares of float16 would leave its range. Where a
  /// norm is below ε it counts as constant; the gradient is finite for vectors of zeros.
  /// - Parameters:
  ///   - other: In this tensor's type; both broadcast.
  ///   - axis: The axis of the broadcast shape that disappears; negative counts from the end.
  ///   - epsilon: The least norm ε, positive.
  /// - Throws: `GraphError` if shapes or types do not fit, there is no such axis, or `epsilon` is
  ///   not positive.
  public func cosineSimilarity(
    _ other: Tensor, axis: Int = 1, epsilon: Double = 1e-8
  ) throws -> Tensor {
    let name = "cosine_similarity"
    guard dtype.isFloating, other.dtype == dtype else {
      throw GraphError.invalidValue(
        operation: name,
        reason: "the operands are \(dtype) and \(other.dtype), not of one floating-point type")
    }
    // Its square must not vanish in float32.
    guard (1e-18...1e18).contains(epsilon) else {
      throw GraphError.invalidValue(
        operation: name, reason: "epsilon must be from 1e-18 to 1e18, not \(epsilon)")
    }
    guard let common = Broadcasting.shape(shape, other.shape) else {
      throw GraphError.shapeMismatch(
        operation: name, shapes: [shape.text, other.shape.text],
        reason: "the shapes do not broadcast")
    }
    let left = try cast(to: .float32).expanded(to: common)
    let right = try other.cast(to: .float32).expanded(to: common)
    let axes = try left.resolved(axes: [axis], operation: name)
    let norms = try [left, right].map { vectors in
      let square = try (vectors * vectors).sum(axes: axes)
      return try square.maximum(square.filled(with: epsilon * epsilon)).squareRoot()
    }
    let product = try (left * right).sum(axes: axes)
    return try (product / norms[0] / norms[1]).cast(to: dtype)
  }

  /// |x − target|, whose gradient at 0 is 0.
  private func distance(to target: Tensor, operation: String) throws -> Tensor {
    try expectTarget(target, operation: operation)
    return try (self - target).abs()
  }
}
