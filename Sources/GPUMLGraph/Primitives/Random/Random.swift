/// A primitive whose elements are random numbers, drawn anew at each step.
///
/// Element `i` of a tensor is lane `i % 4` of Philox4x32-10 with the counter words
/// `(i / 4, stream, low word of the step, high word of the step)` and the run's seed as key (low
/// word first): the same on every device.
public protocol RandomPrimitive: ElementwisePrimitive {
  /// The shape of the result.
  var shape: [Dim] { get }
  /// Tells draws of one step apart: each use in a graph needs its own, in 0...2³¹−1.
  var stream: Int { get }
}

/// A random primitive whose distribution has no parameters.
public protocol StandardRandomPrimitive: RandomPrimitive {
  /// Draws `shape` numbers.
  init(shape: [Dim], stream: Int)
}

extension RandomPrimitive {
  /// A random number depends on nothing.
  public static var differentiability: Differentiability { .none(reason: "it has no operands") }

  /// The shape in a type, if the stream is in range.
  package func drawnType(_ inputs: [TensorType], _ dtype: DType) throws -> [TensorType] {
    try expect(0, inputs)
    // The high bit of the stream's word is taken by the second word of normal numbers.
    guard (0...Int(Int32.max)).contains(stream) else {
      throw GraphError.invalidValue(
        operation: name, reason: "stream \(stream) is not in 0...\(Int32.max)")
    }
    return [TensorType(shape, dtype)]
  }
}

extension StandardRandomPrimitive {
  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws {
    self.init(shape: try attributes.dims("shape"), stream: try attributes.int("stream"))
  }
  /// Shape and stream.
  public var attributes: Attributes {
    Attributes(["shape": .dims(shape), "stream": .int(stream)])
  }
  /// The shape, in `float32`.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try drawnType(inputs, .float32)
  }
}

/// Numbers evenly distributed in [0, 1), with 24 random bits.
public struct RandomUniform: StandardRandomPrimitive {
  /// The name in saved graphs.
  public static let name = "random_uniform"
  /// What it computes.
  public static let summary = "random numbers evenly distributed in [0, 1)"
  /// What the first operand may be.
  public static let dtypes = [DType.float32]
  /// The shape of the result.
  public let shape: [Dim]
  /// Tells draws of one step apart.
  public let stream: Int
  /// Draws `shape` numbers.
  public init(shape: [Dim], stream: Int) {
    self.shape = shape
    self.stream = stream
  }
}

/// Numbers of the standard normal distribution (Box–Muller).
///
/// Element `i` is √(−2 ln(1 − u₁)) · cos(2π u₂): u₁ is what `RandomUniform` draws for it, and u₂ is
/// lane `i % 4` of the block whose counter has the stream's high bit set,
/// `(i / 4, stream | 0x80000000, low word of the step, high word of the step)`.
public struct RandomNormal: StandardRandomPrimitive {
  /// The name in saved graphs.
  public static let name = "random_normal"
  /// What it computes.
  public static let summary = "random numbers of the standard normal distribution"
  /// What the first operand may be.
  public static let dtypes = [DType.float32]
  /// The shape of the result.
  public let shape: [Dim]
  /// Tells draws of one step apart.
  public let stream: Int
  /// Draws `shape` numbers.
  public init(shape: [Dim], stream: Int) {
    self.shape = shape
    self.stream = stream
  }
}

extension Tensor {
  /// Random numbers in [low, high), `float32`, drawn anew at each step.
  ///
  /// - Parameters:
  ///   - shape: The shape; symbols are allowed.
  ///   - low: The least number.
  ///   - high: The bound above.
  ///   - stream: A number of its own for each use within a graph.
  public static func uniform(
    shape: [Dim], low: Double = 0, high: Double = 1, stream: Int
  ) throws -> Tensor {
    let unit = try RandomUniform(shape: shape, stream: stream)()
    return low == 0 && high == 1 ? unit : try unit * (high - low) + low
  }

  /// Normally distributed random numbers, `float32`, drawn anew at each step.
  ///
  /// - Parameters:
  ///   - shape: The shape; symbols are allowed.
  ///   - mean: The mean.
  ///   - deviation: The standard deviation.
  ///   - stream: A number of its own for each use within a graph.
  public static func normal(
    shape: [Dim], mean: Double = 0, deviation: Double = 1, stream: Int
  ) throws -> Tensor {
    let unit = try RandomNormal(shape: shape, stream: stream)()
    return mean == 0 && deviation == 1 ? unit : try unit * deviation + mean
  }

  /// Sets each element to 0 with probability `rate` and divides the others by 1 − rate.
  ///
  /// - Parameters:
  ///   - rate: In 0..<1.
  ///   - stream: A number of its own for each use within a graph.
  /// - Throws: `GraphError.invalidValue` if `rate` is out of range.
  /// - SeeAlso: Srivastava et al. 2014, JMLR 15.
  public func dropout(rate: Double, stream: Int) throws -> Tensor {
    guard rate >= 0, rate < 1 else {
      throw GraphError.invalidValue(operation: "dropout", reason: "rate \(rate) is not in 0..<1")
    }
    if rate == 0 { return self }
    let dropped = try RandomUniform(shape: shape, stream: stream)().isLess(rate)
    return try (self * (1 / (1 - rate))).masked(where: dropped, by: 0)
  }
}
