extension Tensor {
  /// Normalises groups of channels to zero mean and unit variance, then scales and shifts each
  /// channel.
  ///
  /// Each group of each example, all its further axes included, is normalised by itself with its
  /// biased variance. Any floating-point type; what is scaled and shifted is computed in `float32`.
  ///
  /// - Parameters:
  ///   - groups: How many; a divisor of the number of channels. 1 normalises all channels together,
  ///     as many as there are channels each by itself (instance normalisation).
  ///   - gamma: Scale, shape `[channels]`.
  ///   - beta: Shift, shape `[channels]`.
  ///   - epsilon: Added to the variance, at least 0.
  /// - Returns: Shape `[batch, channels, ...]` and type of this tensor.
  /// - Throws: `GraphError` if there is no channel axis, it cannot be divided so, or a parameter does
  ///   not fit.
  /// - SeeAlso: Wu and He 2018, arXiv:1803.08494; Ulyanov et al. 2016, arXiv:1607.08022.
  public func groupNorm(
    groups: Int, gamma: Tensor? = nil, beta: Tensor? = nil, epsilon: Double = 1e-5
  ) throws -> Tensor {
    let operation = "group_norm"
    try expectChannels(operation)
    guard groups > 0, shape[1] / Dim(groups) * Dim(groups) == shape[1] else {
      throw GraphError.shapeMismatch(
        operation: operation, shapes: [shape.text],
        reason: "\(groups) groups do not divide the channels")
    }
    let parts = [shape[0], Dim(groups), shape[1] / Dim(groups)] + shape[2...]
    let affine = gamma != nil || beta != nil
    let normal = try (affine ? cast(to: .float32) : self).reshaped(to: parts)
      .layerNorm(from: 2, epsilon: epsilon).reshaped(to: shape)
    return try normal.scaledChannels(gamma, beta, operation: operation).cast(to: dtype)
  }

  /// Checks that there is a channel axis, and that this tensor is of floating point.
  func expectChannels(_ operation: String) throws {
    guard rank >= 2 else {
      throw GraphError.shapeMismatch(
        operation: operation, shapes: [shape.text], reason: "takes [batch, channels, ...]")
    }
    guard dtype.isFloating else {
      throw GraphError.unsupportedDType(operation: operation, dtype: dtype)
    }
  }

  /// A number a channel, so that it stretches over this tensor; computed in its type.
  func channelwise(_ values: Tensor, operation: String) throws -> Tensor {
    guard values.shape == [shape[1]] else {
      throw GraphError.shapeMismatch(
        operation: operation, shapes: [shape.text, values.shape.text],
        reason: "a parameter has one number a channel")
    }
    guard values.dtype.isFloating else {
      throw GraphError.unsupportedDType(operation: "\(operation) parameters", dtype: values.dtype)
    }
    return try values.cast(to: dtype).reshaped(
      to: [shape[1]] + [Dim](repeating: 1, count: rank - 2))
  }

  /// Scales and shifts each channel.
  func scaledChannels(_ gamma: Tensor?, _ beta: Tensor?, operation: String) throws -> Tensor {
    var result = self
    if let gamma { result = try result * channelwise(gamma, operation: operation) }
    if let beta { result = try result + channelwise(beta, operation: operation) }
    return result
  }
}
