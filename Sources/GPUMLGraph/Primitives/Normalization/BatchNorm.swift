/// What batch normalisation gives while training.
public struct BatchNormalized: Sendable {
  /// The normalised tensor, of the shape and type of what was given.
  public let output: Tensor
  /// The mean of each channel over the batch, `[channels]`, `float32`.
  public let mean: Tensor
  /// The biased variance of each channel over the batch, `[channels]`, `float32`.
  public let variance: Tensor
  /// How many elements of each channel were counted.
  let count: [Dim]
}

/// Mean and variance of each channel as inference uses them: moving averages of those of the batches.
public struct RunningStatistics: Sendable, Hashable {
  /// The mean of each channel, `[channels]`; 0 at first.
  public let mean: Variable
  /// The unbiased variance of each channel, `[channels]`; 1 at first.
  public let variance: Variable

  /// Declares the variables.
  ///
  /// - Throws: `GraphError.invalidValue` if `channels` is negative or too large.
  public init(channels: Int) throws {
    mean = try Variable(shape: [channels], role: .statistic)
    variance = try Variable(shape: [channels], role: .statistic, initializer: .constant(1))
  }

  /// What the variables become after a batch: (1 − momentum) · running + momentum · batch, with the
  /// unbiased variance of the batch.
  ///
  /// - Parameters:
  ///   - batch: What `Tensor.batchNorm(gamma:beta:epsilon:)` gave.
  ///   - momentum: The share of the batch, in 0...1.
  /// - Throws: `GraphError` if `momentum` is out of range or the channels are not as many.
  public func updates(with batch: BatchNormalized, momentum: Double = 0.1) throws -> [Update] {
    let next = try RunningStatistics.next(
      mean: mean.tensor, variance: variance.tensor, with: batch, momentum: momentum)
    return [
      Update(variable: mean, value: next.mean), Update(variable: variance, value: next.variance),
    ]
  }

  package static func next(
    mean: Tensor, variance: Tensor, with batch: BatchNormalized, momentum: Double
  ) throws -> (mean: Tensor, variance: Tensor) {
    guard (0...1).contains(momentum) else {
      throw GraphError.invalidValue(
        operation: "batch_norm", reason: "momentum \(momentum) is not in 0...1")
    }
    guard mean.shape == batch.mean.shape, variance.shape == batch.mean.shape else {
      throw GraphError.shapeMismatch(
        operation: "batch_norm", shapes: [mean.shape.text, batch.mean.shape.text],
        reason: "statistics of another number of channels")
    }
    // Of a single element nothing is unbiased; its variance of 0 stays.
    let count = try SizeOf.tensor(batch.count, dtype: .float32)
    let others = try (count - 1).maximum(count.filled(with: 1))
    let unbiased = try batch.variance * (count / others)
    return (
      try mean * (1 - momentum) + batch.mean * momentum,
      try variance * (1 - momentum) + unbiased * momentum
    )
  }
}

extension Tensor {
  /// Normalises each channel with its mean and biased variance over the batch, then scales and shifts
  /// it: batch normalisation while training.
  ///
  /// This tensor is `[batch, channels, ...]` of any floating-point type; sums are in `float32`.
  ///
  /// - Parameters:
  ///   - gamma: Scale, shape `[channels]`.
  ///   - beta: Shift, shape `[channels]`.
  ///   - epsilon: Added to the variance, at least 0.
  /// - Returns: The result, and the statistics for `RunningStatistics.updates(with:momentum:)`.
  /// - Throws: `GraphError` if there is no channel axis or a parameter does not fit.
  /// - SeeAlso: Ioffe and Szegedy 2015, arXiv:1502.03167.
  public func batchNorm(
    gamma: Tensor? = nil, beta: Tensor? = nil, epsilon: Double = 1e-5
  ) throws -> BatchNormalized {
    let operation = "batch_norm"
    try expectChannels(operation)
    // With the channels first each is a row, and rows are normalised by one kernel.
    let exchange = [1, 0] + Array(2..<rank)
    let rows = try cast(to: .float32).transposed(exchange)
    let node = try Node(LayerNorm(axis: 1, epsilon: epsilon), [rows])
    let output = try node.output().transposed(exchange)
      .scaledChannels(gamma, beta, operation: operation).cast(to: dtype)
    return BatchNormalized(
      output: output, mean: node.output(1), variance: node.output(3),
      count: Array(rows.shape.dropFirst()))
  }

  /// Normalises each channel with given statistics, then scales and shifts it: batch normalisation
  /// in inference.
  ///
  /// This tensor is `[batch, channels, ...]` of any floating-point type.
  ///
  /// - Parameters:
  ///   - mean: What is taken off, shape `[channels]`.
  ///   - variance: Its root, with `epsilon` added, divides; shape `[channels]`.
  ///   - gamma: Scale, shape `[channels]`.
  ///   - beta: Shift, shape `[channels]`.
  ///   - epsilon: Added to the variance, at least 0.
  /// - Throws: `GraphError` if there is no channel axis or a parameter does not fit.
  /// - SeeAlso: Ioffe and Szegedy 2015, arXiv:1502.03167.
  public func batchNorm(
    mean: Tensor, variance: Tensor, gamma: Tensor? = nil, beta: Tensor? = nil,
    epsilon: Double = 1e-5
  ) throws -> Tensor {
    let operation = "batch_norm"
    try expectChannels(operation)
    let epsilon = try NumberBound.atLeastZero.checked(epsilon, "epsilon", operation: operation)
    let wide = try cast(to: .float32)
    let deviation = try (wide.channelwise(variance, operation: operation) + epsilon).squareRoot()
    var scale = try deviation.filled(with: 1) / deviation
    if let gamma { scale = try scale * wide.channelwise(gamma, operation: operation) }
    let centered = try wide - wide.channelwise(mean, operation: operation)
    return try (centered * scale).scaledChannels(nil, beta, operation: operation).cast(to: dtype)
  }

  /// Normalises each channel with running statistics: batch normalisation in inference.
  ///
  /// - SeeAlso: `batchNorm(mean:variance:gamma:beta:epsilon:)`.
  public func batchNorm(
    using statistics: RunningStatistics, gamma: Tensor? = nil, beta: Tensor? = nil,
    epsilon: Double = 1e-5
  ) throws -> Tensor {
    try batchNorm(
      mean: statistics.mean.tensor, variance: statistics.variance.tensor, gamma: gamma, beta: beta,
      epsilon: epsilon)
  }
}
