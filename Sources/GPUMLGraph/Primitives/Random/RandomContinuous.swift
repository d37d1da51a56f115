/// Numbers of the exponential distribution with rate 1, all greater than 0.
///
/// Element `i` is −ln u, where u = (w + ½)·2⁻²³ of the upper 23 bits w of the random word of `i`.
public struct RandomExponential: StandardRandomPrimitive {
  /// The name in saved graphs.
  public static let name = "random_exponential"
  /// What it computes.
  public static let summary = "random numbers of the exponential distribution"
  /// The shape of the result.
  public let shape: [Dim]
  /// Tells draws of one step apart.
  public let stream: Int
  /// The element type of the result.
  public let dtype: DType
  /// Draws `shape` numbers.
  public init(shape: [Dim], stream: Int, dtype: DType = .float32) {
    self.shape = shape
    self.stream = stream
    self.dtype = dtype
  }
}

/// Numbers of a normal distribution between two bounds, one draw an element without rejection.
///
/// Element `i` is the quantile of Φ(a) + u·(Φ(b) − Φ(a)), where a and b are the bounds in deviations
/// from the mean and u is that of `RandomExponential`; it is found from the nearer tail, so that
/// bounds far out lose no accuracy.
/// - SeeAlso: Wichura 1988, algorithm AS 241.
public struct RandomTruncatedNormal: RealRandomPrimitive {
  /// The name in saved graphs.
  public static let name = "random_truncated_normal"
  /// What it computes.
  public static let summary = "random numbers of a normal distribution between two bounds"
  /// The shape of the result.
  public let shape: [Dim]
  /// Tells draws of one step apart.
  public let stream: Int
  /// The mean of the distribution without bounds.
  public let mean: Double
  /// Its standard deviation.
  public let deviation: Double
  /// The bound below; −∞ for none.
  public let low: Double
  /// The bound above; ∞ for none.
  public let high: Double
  /// The element type of the result; bounds that it does not hold are rounded.
  public let dtype: DType

  package init(
    shape: [Dim], stream: Int, mean: Double, deviation: Double, low: Double, high: Double,
    dtype: DType = .float32
  ) {
    self.shape = shape
    self.stream = stream
    self.mean = mean
    self.deviation = deviation
    self.low = low
    self.high = high
    self.dtype = dtype
  }

  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws {
    self.init(
      shape: try attributes.dims("shape"), stream: try attributes.int("stream"),
      mean: try attributes.double("mean"), deviation: try attributes.double("deviation"),
      low: try attributes.double("low"), high: try attributes.double("high"),
      dtype: try Self.drawnDType(attributes))
  }

  /// Shape, stream, element type, mean, deviation and bounds.
  public var attributes: Attributes {
    var attributes = drawnAttributes
    attributes.values.merge([
      "mean": .double(mean), "deviation": .double(deviation), "low": .double(low),
      "high": .double(high),
    ]) { first, _ in first }
    return attributes
  }

  /// The shape in the element type.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    _ = try Self.checked(mean, "the mean", .finite)
    _ = try Self.checked(deviation, "the deviation", .positive)
    // Less would be lost in float32.
    guard low < high, probability >= 1e-30 else {
      throw GraphError.invalidValue(
        operation: name, reason: "there is nothing to draw between \(low) and \(high)")
    }
    return try drawnType(inputs, dtype)
  }

  /// The probability that the distribution has below the lower bound.
  package var below: Double { NormalDistribution.cumulative((low - mean) / deviation) }
  /// The probability that it has above the upper bound.
  package var above: Double { NormalDistribution.cumulative((mean - high) / deviation) }
  /// The probability that it has between the bounds, from the side on which it does not cancel.
  package var probability: Double {
    let (left, right) = ((low - mean) / deviation, (high - mean) / deviation)
    return left > 0
      ? NormalDistribution.cumulative(-left) - NormalDistribution.cumulative(-right)
      : NormalDistribution.cumulative(right) - NormalDistribution.cumulative(left)
  }
}
