/// Random words: 32 independent bits an element, `uint32`.
public struct RandomBits: RandomPrimitive {
  /// The name in saved graphs.
  public static let name = "random_bits"
  /// What it computes.
  public static let summary = "random words of 32 bits"
  /// What the first operand may be.
  public static let dtypes = [DType.uint32]
  /// The shape of the result.
  public let shape: [Dim]
  /// Tells draws of one step apart.
  public let stream: Int
  /// Draws `shape` words.
  public init(shape: [Dim], stream: Int) {
    self.shape = shape
    self.stream = stream
  }

  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws {
    self.init(shape: try attributes.dims("shape"), stream: try attributes.int("stream"))
  }
  /// Shape and stream.
  public var attributes: Attributes {
    Attributes(["shape": .dims(shape), "stream": .int(stream)])
  }

  /// The shape, in `uint32`.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try drawnType(inputs, .uint32)
  }
}

/// Whole numbers evenly distributed from `low` on below `high`, `int32`.
///
/// Element `i` is `low` plus the upper word of the product of the range's size and the random word of
/// `i`: each number has its share to within 2⁻³².
/// - SeeAlso: Lemire 2019, arXiv:1805.10941.
public struct RandomInteger: RandomPrimitive {
  /// The name in saved graphs.
  public static let name = "random_integer"
  /// What it computes.
  public static let summary = "random whole numbers of a range"
  /// What the first operand may be.
  public static let dtypes = [DType.int32]
  /// The shape of the result.
  public let shape: [Dim]
  /// Tells draws of one step apart.
  public let stream: Int
  /// The least number.
  public let low: Int
  /// The bound above, itself not drawn.
  public let high: Int

  package init(shape: [Dim], stream: Int, low: Int, high: Int) {
    self.shape = shape
    self.stream = stream
    self.low = low
    self.high = high
  }

  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws {
    self.init(
      shape: try attributes.dims("shape"), stream: try attributes.int("stream"),
      low: try attributes.int("low"), high: try attributes.int("high"))
  }

  /// Shape, stream and bounds.
  public var attributes: Attributes {
    Attributes([
      "shape": .dims(shape), "stream": .int(stream), "low": .int(low), "high": .int(high),
    ])
  }

  /// The shape, in `int32`.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    guard low < high, low >= Int(Int32.min), high <= Int(Int32.max) else {
      throw GraphError.invalidValue(
        operation: name, reason: "\(low)..<\(high) is empty or not within int32")
    }
    return try drawnType(inputs, .int32)
  }
}
