/// A tensor whose value is part of the graph.
public struct Constant: Primitive {
  /// The name in saved graphs.
  public static let name = "constant"
  /// What it computes.
  public static let summary = "a tensor whose value is part of the graph"
  /// What the first operand may be.
  public static let dtypes = DType.allCases
  /// A source has no operands to differentiate.
  public static let differentiability = Differentiability.none(reason: "it has no operands")

  /// The value.
  public let value: HostTensor

  package init(_ value: HostTensor) { self.value = value }

  /// Restores the constant from a saved graph.
  public init(_ attributes: Attributes) throws { value = try attributes.tensor("value") }

  /// The value.
  public var attributes: Attributes { Attributes(["value": .tensor(value)]) }

  /// The type of the value.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(0, inputs)
    return [TensorType([Dim](value.shape), value.dtype)]
  }
}

extension Tensor {
  /// A tensor whose value is part of the graph.
  public static func constant(_ value: HostTensor) throws -> Tensor { try Constant(value)() }

  /// A scalar: rank 0.
  ///
  /// - Throws: `GraphError.invalidValue` if an integer type or `bool` does not hold the number.
  public static func constant(_ value: Double, dtype: DType = .float32) throws -> Tensor {
    try dtype.expectHolds(value, operation: Constant.name, advice: "take another type")
    return try Constant(HostTensor(doubles: [value], shape: [], dtype: dtype))()
  }
}
