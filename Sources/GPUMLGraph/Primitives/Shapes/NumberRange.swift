/// Numbers at equal distances: start, start + step, start + 2·step, …
///
/// Floating-point numbers are start + i·step, computed in float32; whole numbers wrap around at the
/// limits of their type.
public struct NumberRange: Primitive {
  /// The name in saved graphs.
  public static let name = "range"
  /// What it computes.
  public static let summary = "numbers at equal distances"
  /// What the first operand may be.
  public static let dtypes = DType.numeric
  /// A source has no operands to differentiate.
  public static let differentiability = Differentiability.none(reason: "it has no operands")

  /// The first number.
  public let start: Double
  /// The distance from one number to the next.
  public let step: Double
  /// How many numbers there are.
  public let count: Dim
  /// The element type.
  public let dtype: DType

  package init(start: Double, step: Double, count: Dim, dtype: DType) {
    self.start = start
    self.step = step
    self.count = count
    self.dtype = dtype
  }

  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws {
    self.init(
      start: try attributes.double("start"), step: try attributes.double("step"),
      count: try attributes.dim("count"), dtype: try attributes.dtype("dtype"))
  }

  /// Start, step, count and element type.
  public var attributes: Attributes {
    Attributes([
      "start": .double(start), "step": .double(step), "count": .dims([count]),
      "dtype": .string(dtype.rawValue),
    ])
  }

  /// As many numbers as `count` says.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(0, inputs)
    guard NumberRange.dtypes.contains(dtype) else {
      throw GraphError.unsupportedDType(operation: name, dtype: dtype)
    }
    if let count = count.constant, count < 0 {
      throw GraphError.invalidValue(operation: name, reason: "a count of \(count) is negative")
    }
    for number in [start, step] {
      guard number.isFinite else {
        throw GraphError.invalidValue(operation: name, reason: "\(number) is not finite")
      }
      guard dtype.isFloating || number == number.rounded() && abs(number) <= 0x1p53 else {
        throw GraphError.invalidValue(
          operation: name, reason: "\(number) is no whole number of at most 2⁵³")
      }
    }
    return [TensorType([count], dtype)]
  }
}

extension Tensor {
  /// Numbers at equal distances, as many as asked for.
  ///
  /// - Parameters:
  ///   - count: How many; symbols are allowed.
  ///   - start: The first; a whole number if `dtype` is an integer type.
  ///   - step: The distance from one to the next; likewise.
  ///   - dtype: Any element type but `bool`.
  /// - Throws: `GraphError` if a number is not finite or not whole, or the count is negative.
  public static func range(
    count: Dim, from start: Double = 0, by step: Double = 1, dtype: DType = .float32
  ) throws -> Tensor {
    try NumberRange(start: start, step: step, count: count, dtype: dtype)()
  }

  /// Numbers at equal distances, from `start` to just before `end`.
  ///
  /// - Parameters:
  ///   - start: The first; a whole number if `dtype` is an integer type.
  ///   - end: What is not reached; none if it lies on the wrong side of `start`.
  ///   - step: The distance from one to the next; not 0.
  ///   - dtype: Any element type but `bool`.
  /// - Throws: `GraphError` if a number is not finite or not whole, the step is 0, or there would
  ///   be more than 2³¹ − 1 elements.
  /// - SeeAlso: <https://onnx.ai/onnx/operators/onnx__Range.html>
  public static func range(
    from start: Double, to end: Double, by step: Double = 1, dtype: DType = .float32
  ) throws -> Tensor {
    let count = ((end - start) / step).rounded(.up)
    guard step != 0, count <= Double(Int32.max) else {
      throw GraphError.invalidValue(
        operation: NumberRange.name,
        reason: "from \(start) to \(end) by \(step) are not at most \(Int32.max) numbers")
    }
    return try range(count: Dim(Int(Swift.max(0, count))), from: start, by: step, dtype: dtype)
  }
}
