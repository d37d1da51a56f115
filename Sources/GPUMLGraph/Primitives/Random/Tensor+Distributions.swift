extension Tensor {
  /// Random numbers of a normal distribution between two bounds, drawn anew at each step.
  ///
  /// - Parameters:
  ///   - shape: The shape; symbols are allowed.
  ///   - mean: The mean of the distribution without bounds.
  ///   - deviation: Its standard deviation, greater than 0.
  ///   - low: The bound below; −∞ for none.
  ///   - high: The bound above; ∞ for none.
  ///   - stream: A number of its own for each use within a graph.
  ///   - dtype: A floating-point type; numbers are drawn in float32 and rounded to it, as bounds are
  ///     that it does not hold.
  /// - Throws: `GraphError.invalidValue` if a number is out of range or the distribution has less than
  ///   10⁻³⁰ between the bounds, `GraphError.unsupportedDType` for another type.
  public static func truncatedNormal(
    shape: [Dim], mean: Double = 0, deviation: Double = 1, low: Double, high: Double, stream: Int,
    dtype: DType = .float32
  ) throws -> Tensor {
    try RandomTruncatedNormal(
      shape: shape, stream: stream, mean: mean, deviation: deviation, low: low, high: high,
      dtype: dtype)()
  }

  /// Random numbers of the exponential distribution, drawn anew at each step.
  ///
  /// - Parameters:
  ///   - shape: The shape; symbols are allowed.
  ///   - rate: Greater than 0; the mean is 1/rate.
  ///   - stream: A number of its own for each use within a graph.
  ///   - dtype: A floating-point type; numbers are drawn in float32 and rounded to it.
  /// - Throws: `GraphError.invalidValue` if the rate is out of range, `GraphError.unsupportedDType` for
  ///   another type.
  public static func exponential(
    shape: [Dim], rate: Double = 1, stream: Int, dtype: DType = .float32
  ) throws -> Tensor {
    let rate = try NumberBound.positive.checked(rate, "the rate", operation: "exponential")
    if rate == 1 { return try RandomExponential(shape: shape, stream: stream, dtype: dtype)() }
    let unit = try RandomExponential(shape: shape, stream: stream)()
    return try (unit / rate).drawn(as: dtype, operation: RandomExponential.name)
  }

  /// Random whole numbers of a range, `int32`, drawn anew at each step.
  ///
  /// - Parameters:
  ///   - shape: The shape; symbols are allowed.
  ///   - range: Not empty, within `int32`.
  ///   - stream: A number of its own for each use within a graph.
  /// - Throws: `GraphError.invalidValue` if the range is out of range.
  public static func integers(
    shape: [Dim], in range: Range<Int>, stream: Int
  ) throws -> Tensor {
    try RandomInteger(
      shape: shape, stream: stream, low: range.lowerBound, high: range.upperBound)()
  }

  /// Truth values that are true with a probability, in steps of 2⁻²⁴, or zeros and ones; drawn anew at
  /// each step.
  ///
  /// - Parameters:
  ///   - shape: The shape; symbols are allowed.
  ///   - probability: In 0...1.
  ///   - stream: A number of its own for each use within a graph.
  ///   - dtype: The element type of the result.
  /// - Throws: `GraphError.invalidValue` if the probability is out of range.
  public static func bernoulli(
    shape: [Dim], probability: Double, stream: Int, dtype: DType = .bool
  ) throws -> Tensor {
    guard probability >= 0, probability <= 1 else {
      throw GraphError.invalidValue(
        operation: "bernoulli", reason: "probability \(probability) is not in 0...1")
    }
    return try RandomUniform(shape: shape, stream: stream)().isLess(probability)
      .cast(to: dtype)
  }

  /// Truth values, each true with the probability that this tensor's element tells; drawn anew at
  /// each step.
  ///
  /// A probability of NaN or below 0 never gives true, one above 1 always.
  ///
  /// - Parameters:
  ///   - stream: A number of its own for each use within a graph.
  ///   - result: The element type of the result: truth values, or zeros and ones.
  /// - Returns: The tensor's shape.
  /// - Throws: `GraphError.unsupportedDType` unless the tensor is of a floating-point type.
  public func bernoulli(stream: Int, dtype result: DType = .bool) throws -> Tensor {
    guard dtype.isFloating else {
      throw GraphError.unsupportedDType(operation: "bernoulli", dtype: dtype)
    }
    return try RandomUniform(shape: shape, stream: stream)().isLess(cast(to: .float32))
      .cast(to: result)
  }

  /// One class a row, drawn with the probabilities that the softmax of the last axis gives; drawn anew
  /// at each step.
  ///
  /// The class is where the logit plus a number of the Gumbel distribution is largest. A logit of −∞ is
  /// never drawn unless all are; NaN is where it stands.
  ///
  /// - Parameter stream: A number of its own for each use within a graph.
  /// - Returns: The shape without the last axis, in `int32`.
  /// - Throws: `GraphError` if the last axis is missing or empty, or the tensor is not of a
  ///   floating-point type.
  /// - SeeAlso: Maddison, Tarlow and Minka 2014, arXiv:1411.0030.
  public func categorical(stream: Int) throws -> Tensor {
    guard dtype.isFloating else {
      throw GraphError.unsupportedDType(operation: "categorical", dtype: dtype)
    }
    let waiting = try RandomExponential(shape: shape, stream: stream)()
    return try (cast(to: .float32) - waiting.log()).argmax(axis: -1)
  }

  /// The numbers from 0 on below `count` in random order, `int32`, drawn anew at each step.
  ///
  /// They are the places of random words in ascending order; two equal words, of 2³², keep their order.
  ///
  /// - Parameters:
  ///   - count: How many; it may be symbolic.
  ///   - stream: A number of its own for each use within a graph.
  public static func permutation(count: Dim, stream: Int) throws -> Tensor {
    try KeyOrder()(RandomBits(shape: [count], stream: stream)())
  }
}
