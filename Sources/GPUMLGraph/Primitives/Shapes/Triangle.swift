/// The matrices of the last two axes with 0 on one side of a diagonal.
public struct Triangle: Primitive {
  /// The name in saved graphs.
  public static let name = "triangle"
  /// What it computes.
  public static let summary = "matrices with 0 above, or below, a diagonal"
  /// What the first operand may be.
  public static let dtypes = DType.allCases
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// Whether the part above the diagonal is kept; else the part below.
  public let isUpper: Bool
  /// How far right of the main diagonal that is, which is kept in either case.
  public let offset: Int

  package init(isUpper: Bool, offset: Int) {
    self.isUpper = isUpper
    self.offset = offset
  }

  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws {
    self.init(isUpper: try attributes.bool("is_upper"), offset: try attributes.int("offset"))
  }

  /// The part and the diagonal.
  public var attributes: Attributes {
    Attributes(["is_upper": .bool(isUpper), "offset": .int(offset)])
  }

  /// The diagonal's offset, or the next that has the same meaning for matrices of a size.
  package func offset(rows: Int, columns: Int) -> Int { max(-rows, min(columns, offset)) }

  /// Shape and element type of the operand, which needs two axes.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(1, inputs)
    guard inputs[0].shape.count >= 2 else { throw mismatch(inputs, "it is not a matrix") }
    return inputs
  }

  /// The same part of the gradient.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    [try step.gradient.map { try self($0) }]
  }
}

extension Tensor {
  /// The matrices of the last two axes with 0 above a diagonal.
  ///
  /// - Parameter offset: The last diagonal that is kept: 0 is the main diagonal, positive ones lie
  ///   right of it.
  /// - Throws: `GraphError.shapeMismatch` if there are not two axes.
  public func lowerTriangle(offset: Int = 0) throws -> Tensor {
    try Triangle(isUpper: false, offset: offset)(self)
  }

  /// The matrices of the last two axes with 0 below a diagonal.
  ///
  /// - Parameter offset: The first diagonal that is kept: 0 is the main diagonal, positive ones
  ///   lie right of it.
  /// - Throws: `GraphError.shapeMismatch` if there are not two axes.
  public func upperTriangle(offset: Int = 0) throws -> Tensor {
    try Triangle(isUpper: true, offset: offset)(self)
  }

  /// A matrix with 1 on a diagonal and 0 elsewhere.
  ///
  /// - Parameters:
  ///   - rows: The number of rows.
  ///   - columns: The number of columns; nil for as many as rows.
  ///   - offset: How far the diagonal lies right of the main diagonal.
  ///   - dtype: The element type.
  /// - Throws: `GraphError.shapeMismatch` if a size is negative.
  public static func eye(
    _ rows: Dim, columns: Dim? = nil, offset: Int = 0, dtype: DType = .float32
  ) throws -> Tensor {
    let shape = [rows, columns ?? rows]
    guard shape.allSatisfy({ $0.constant.map { $0 >= 0 } ?? true }) else {
      throw GraphError.shapeMismatch(
        operation: "eye", shapes: [shape.text], reason: "a size is negative")
    }
    return try Tensor.constant(1, dtype: dtype).expanded(to: shape)
      .lowerTriangle(offset: offset).upperTriangle(offset: offset)
  }
}
