/// The places of all elements that are not 0, in row-major order: one row of indices an element.
///
/// The result is `[count, rank]` in `int64` or `int32`. NaN is not 0, −0 is.
public struct NonZero: DataDependentPrimitive {
  /// The name in saved graphs.
  public static let name = "non_zero"
  /// What it computes.
  public static let summary = "the indices of the elements that are not 0, a row each"
  /// What the first operand may be.
  public static let dtypes = DType.allCases
  /// None.
  public static let differentiability = Differentiability.none(reason: "the result is an index")

  static let symbolKey = "symbol"

  /// The symbol that stands for the number of rows.
  public let symbol: String
  /// The element type of the result.
  public let dtype: DType

  package init(symbol: String, dtype: DType) {
    self.symbol = symbol
    self.dtype = dtype
  }

  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws {
    symbol = try attributes.string(Self.symbolKey)
    dtype = try attributes.dtype("dtype")
  }

  /// The symbol and the type.
  public var attributes: Attributes {
    Attributes([Self.symbolKey: .string(symbol), "dtype": .string(dtype.rawValue)])
  }

  /// How many rows there are.
  public var counter: any Primitive { CountNonZero() }

  /// `[symbol, rank]`.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(1, inputs)
    guard dtype == .int32 || dtype == .int64 else {
      throw GraphError.unsupportedDType(operation: "the result of \(name)", dtype: dtype)
    }
    return [TensorType([.symbol(symbol), Dim(inputs[0].shape.count)], dtype)]
  }
}

/// How many elements are not 0, as an `int32` scalar; NaN is not 0, −0 is.
public struct CountNonZero: Primitive {
  /// The name in saved graphs.
  public static let name = "count_non_zero"
  /// What it computes.
  public static let summary = "the number of elements that are not 0"
  /// What the first operand may be.
  public static let dtypes = DType.allCases
  /// None.
  public static let differentiability = Differentiability.none(reason: "the result is a number")

  /// The one value.
  public init() {}
  /// The one value.
  public init(_ attributes: Attributes) throws {}
  /// None.
  public var attributes: Attributes { Attributes() }

  /// A scalar.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(1, inputs)
    return [TensorType([], .int32)]
  }
}

extension Tensor {
  /// The places of all elements that are not 0, in row-major order: `[count, rank]`.
  ///
  /// The number of rows is a new symbol, whose value each run finds out: it computes what this tensor
  /// needs, reads the count, and plans the rest for it. So a run takes a round trip between host and
  /// device more for each such size that depends on the one before.
  ///
  /// - Parameter dtype: `int64` or `int32`.
  /// - Throws: `GraphError.unsupportedDType` for another type of the result.
  public func nonZero(dtype: DType = .int64) throws -> Tensor {
    try NonZero(symbol: FreshSymbol.next(), dtype: dtype)(self)
  }

  /// How many elements are not 0, as an `int32` scalar; NaN is not 0, −0 is.
  public func countNonZero() throws -> Tensor { try CountNonZero()(self) }
}
