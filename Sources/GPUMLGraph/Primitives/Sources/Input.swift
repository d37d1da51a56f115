/// A tensor that is given anew to each run.
public struct Input: Primitive {
  /// The name in saved graphs.
  public static let name = "input"
  /// What it computes.
  public static let summary = "a tensor that is given to each run"
  /// What the first operand may be.
  public static let dtypes = DType.allCases
  /// A source has no operands to differentiate.
  public static let differentiability = Differentiability.none(reason: "it has no operands")

  /// The name by which a run gives the value.
  public let label: String
  /// Shape and element type; the shape may hold symbols.
  public let type: TensorType

  package init(label: String, type: TensorType) {
    self.label = label
    self.type = type
  }

  /// Restores the input from a saved graph.
  public init(_ attributes: Attributes) throws {
    label = try attributes.string("label")
    type = TensorType(try attributes.dims("shape"), try attributes.dtype("dtype"))
  }

  /// Label, shape and element type.
  public var attributes: Attributes {
    Attributes([
      "label": .string(label), "shape": .dims(type.shape), "dtype": .string(type.dtype.rawValue),
    ])
  }

  /// The declared type.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(0, inputs)
    return [type]
  }
}

extension Tensor {
  /// Declares a tensor that is given to each run under `name`.
  ///
  /// - Parameters:
  ///   - name: The name; unique within a graph.
  ///   - shape: Sizes; a symbol such as `.symbol("batch")` gets its value from the data.
  ///   - dtype: The element type.
  public static func input(
    _ name: String, shape: [Dim], dtype: DType = .float32
  ) throws -> Tensor {
    try Input(label: name, type: TensorType(shape, dtype))()
  }
}
