/// A primitive whose elements are random numbers, drawn anew at each step.
///
/// Each 64 elements take the words of sixteen blocks of Philox4x32-10: all first words, then all
/// second, third and fourth ones. Element `i` is word `i % 64 / 16` of the block with the counter
/// `(i / 64 * 16 + i % 16, stream, low word of the draw, high word of the draw)` and the run's seed as
/// key (low word first), where the draw counts the steps so far: the same on every device.
public protocol RandomPrimitive: ElementwisePrimitive {
  /// The shape of the result.
  var shape: [Dim] { get }
  /// Tells draws of one step apart: each use in a graph needs its own, in 0...2³¹−1.
  var stream: Int { get }
}

/// A random primitive of real numbers, which are drawn in float32 and rounded to the element type:
/// the same numbers for every type, but for their last bits.
public protocol RealRandomPrimitive: RandomPrimitive {
  /// The element type of the result, of floating point.
  var dtype: DType { get }
}

/// A random primitive of real numbers whose distribution has no parameters.
public protocol StandardRandomPrimitive: RealRandomPrimitive {
  /// Draws `shape` numbers.
  init(shape: [Dim], stream: Int, dtype: DType)
}

extension RandomPrimitive {
  /// A random number depends on nothing.
  public static var differentiability: Differentiability { .none(reason: "it has no operands") }

  /// The shape in a type, if that and the stream are in range.
  package func drawnType(_ inputs: [TensorType], _ dtype: DType) throws -> [TensorType] {
    try expect(0, inputs)
    try expectDType(TensorType(shape, dtype))
    // The high bit of the stream's word is taken by the second word of normal numbers.
    guard (0...Int(Int32.max)).contains(stream) else {
      throw GraphError.invalidValue(
        operation: name, reason: "stream \(stream) is not in 0...\(Int32.max)")
    }
    return [TensorType(shape, dtype)]
  }
}

extension RealRandomPrimitive {
  /// What the first operand may be.
  public static var dtypes: [DType] { DType.floating }

  /// The element type that a saved graph tells; graphs that name none are of `float32`.
  package static func drawnDType(_ attributes: Attributes) throws -> DType {
    attributes.values["dtype"] == nil ? .float32 : try attributes.dtype("dtype")
  }

  /// What a saved graph keeps of shape, stream and element type.
  package var drawnAttributes: Attributes {
    var attributes = Attributes(["shape": .dims(shape), "stream": .int(stream)])
    if dtype != .float32 { attributes.values["dtype"] = .string(dtype.rawValue) }
    return attributes
  }

  /// The shape in the element type.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try drawnType(inputs, dtype)
  }
}

extension StandardRandomPrimitive {
  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws {
    self.init(
      shape: try attributes.dims("shape"), stream: try attributes.int("stream"),
      dtype: try Self.drawnDType(attributes))
  }
  /// Shape, stream and element type.
  public var attributes: Attributes { drawnAttributes }
}

/// Numbers evenly distributed in [0, 1), with 24 random bits; rounding to 16 bits may give 1.
public struct RandomUniform: StandardRandomPrimitive {
  /// The name in saved graphs.
  public static let name = "random_uniform"
  /// What it computes.
  public static let summary = "random numbers evenly distributed in [0, 1)"
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

/// Numbers of the standard normal distribution (Box–Muller).
///
/// Element `i` is √(−2 ln(1 − u₁)) · cos(2π u₂): u₁ is what `RandomUniform` draws for it, and u₂ what
/// it would draw for a stream with the high bit set, `stream | 0x80000000`.
public struct RandomNormal: StandardRandomPrimitive {
  /// The name in saved graphs.
  public static let name = "random_normal"
  /// What it computes.
  public static let summary = "random numbers of the standard normal distribution"
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

extension Tensor {
  /// Random numbers in [low, high), drawn anew at each step.
  ///
  /// - Parameters:
  ///   - shape: The shape; symbols are allowed.
  ///   - low: The least number.
  ///   - high: The bound above.
  ///   - stream: A number of its own for each use within a graph.
  ///   - dtype: A floating-point type; numbers are drawn in float32 and rounded to it, so that one of
  ///     16 bits may be the bound above.
  /// - Throws: `GraphError.invalidValue` if a bound is not finite or `high` is less than `low`;
  ///   `GraphError.unsupportedDType` for another type.
  public static func uniform(
    shape: [Dim], low: Double = 0, high: Double = 1, stream: Int, dtype: DType = .float32
  ) throws -> Tensor {
    // In float32, as kernels take them.
    guard low <= high, Float(low).isFinite, Float(high).isFinite, Float(high - low).isFinite else {
      throw GraphError.invalidValue(
        operation: RandomUniform.name,
        reason: "there is nothing to draw between \(low) and \(high)")
    }
    if low == 0 && high == 1 {
      return try RandomUniform(shape: shape, stream: stream, dtype: dtype)()
    }
    let unit = try RandomUniform(shape: shape, stream: stream)()
    return try (unit * (high - low) + low).drawn(as: dtype, operation: RandomUniform.name)
  }

  /// Normally distributed random numbers, drawn anew at each step.
  ///
  /// - Parameters:
  ///   - shape: The shape; symbols are allowed.
  ///   - mean: The mean.
  ///   - deviation: The standard deviation, at least 0.
  ///   - stream: A number of its own for each use within a graph.
  ///   - dtype: A floating-point type; numbers are drawn in float32 and rounded to it.
  /// - Throws: `GraphError.invalidValue` if a number is not finite or the deviation is negative;
  ///   `GraphError.unsupportedDType` for another type.
  public static func normal(
    shape: [Dim], mean: Double = 0, deviation: Double = 1, stream: Int, dtype: DType = .float32
  ) throws -> Tensor {
    guard Float(mean).isFinite, Float(deviation).isFinite, deviation >= 0 else {
      throw GraphError.invalidValue(
        operation: RandomNormal.name,
        reason: "mean \(mean), deviation \(deviation) are not those of a number")
    }
    if mean == 0 && deviation == 1 {
      return try RandomNormal(shape: shape, stream: stream, dtype: dtype)()
    }
    let unit = try RandomNormal(shape: shape, stream: stream)()
    return try (unit * deviation + mean).drawn(as: dtype, operation: RandomNormal.name)
  }

  /// Numbers that were drawn in float32, rounded to another floating-point type.
  func drawn(as dtype: DType, operation: String) throws -> Tensor {
    guard dtype.isFloating else {
      throw GraphError.unsupportedDType(operation: operation, dtype: dtype)
    }
    return try cast(to: dtype)
  }

  /// Sets each element to 0 with probability `rate` and divides the others by 1 − rate.
  ///
  /// - Parameters:
  ///   - rate: In 0..<1.
  ///   - stream: A number of its own for each use within a graph.
  /// - Throws: `GraphError.invalidValue` if `rate` is out of range.
  /// - SeeAlso: Srivastava et al. 2014, JMLR 15.
  public func dropout(rate: Double, stream: Int) throws -> Tensor {
    let rate = try NumberBound.belowOne.checked(rate, "the rate", operation: "dropout")
    if rate == 0 { return self }
    let dropped = try RandomUniform(shape: shape, stream: stream)().isLess(rate)
    return try (self * (1 / (1 - rate))).masked(where: dropped, by: 0)
  }
}
