/// The product of dimensions as a number that a plan knows.
public struct SizeOf: Primitive {
  /// The name in saved graphs.
  public static let name = "size"
  /// What it computes.
  public static let summary = "the product of dimensions as a number"
  /// What the first operand may be.
  public static let dtypes = DType.allCases
  /// A source has no operands to differentiate.
  public static let differentiability = Differentiability.none(reason: "it has no operands")

  /// The dimensions to multiply.
  public let sizes: [Dim]
  /// The element type of the result.
  public let dtype: DType

  package init(_ sizes: [Dim], dtype: DType) {
    self.sizes = sizes
    self.dtype = dtype
  }

  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws {
    sizes = try attributes.dims("sizes")
    dtype = try attributes.dtype("dtype")
  }

  /// The dimensions and the type.
  public var attributes: Attributes {
    Attributes(["sizes": .dims(sizes), "dtype": .string(dtype.rawValue)])
  }

  /// A scalar.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(0, inputs)
    return [TensorType([], dtype)]
  }

  /// The product of the sizes as a scalar; a constant where no symbol is involved.
  package static func tensor(_ sizes: [Dim], dtype: DType) throws -> Tensor {
    if let value = sizes.elementCount.constant {
      return try .constant(Double(value), dtype: dtype)
    }
    return try SizeOf(sizes, dtype: dtype)()
  }
}
