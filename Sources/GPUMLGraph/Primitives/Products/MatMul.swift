/// The matrix product of two matrices, either of them transposed.
public struct MatMul: Primitive {
  /// The name in saved graphs.
  public static let name = "matmul"
  /// What it computes.
  public static let summary = "the matrix product, either operand transposed"
  /// What the first operand may be.
  public static let dtypes = DType.floating
  /// Gradients flow to both operands.
  public static let differentiability = Differentiability.differentiable

  /// Whether the first operand is used transposed.
  public let transposesLeft: Bool
  /// Whether the second operand is used transposed.
  public let transposesRight: Bool

  package init(transposesLeft: Bool = false, transposesRight: Bool = false) {
    self.transposesLeft = transposesLeft
    self.transposesRight = transposesRight
  }

  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws {
    transposesLeft = try attributes.bool("transposes_left")
    transposesRight = try attributes.bool("transposes_right")
  }

  /// Which operands are transposed.
  public var attributes: Attributes {
    Attributes([
      "transposes_left": .bool(transposesLeft), "transposes_right": .bool(transposesRight),
    ])
  }

  /// `[m, k]` times `[k, n]` is `[m, n]`.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(2, inputs)
    try inputs.forEach { try expectFloating($0) }
    guard inputs[0].dtype == inputs[1].dtype else {
      throw GraphError.invalidValue(
        operation: name,
        reason: "the operands are \(inputs[0].dtype) and \(inputs[1].dtype); cast one of them")
    }
    guard inputs[0].shape.count == 2, inputs[1].shape.count == 2 else {
      throw mismatch(inputs, "takes two matrices")
    }
    let left = transposesLeft ? inputs[0].shape.reversed() : inputs[0].shape
    let right = transposesRight ? inputs[1].shape.reversed() : inputs[1].shape
    guard left[1] == right[0] else {
      throw mismatch(inputs, "the inner sizes \(left[1]) and \(right[0]) differ")
    }
    return [TensorType([left[0], right[1]], inputs[0].dtype)]
  }

  /// For C = A·B: dA = dC·Bᵀ and dB = Aᵀ·dC, with the transposes of the operands worked in.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil, nil] }
    let (left, right) = (step.inputs[0], step.inputs[1])
    let leftGradient =
      transposesLeft
      ? try MatMul(transposesLeft: transposesRight, transposesRight: true)(right, gradient)
      : try MatMul(transposesLeft: false, transposesRight: !transposesRight)(gradient, right)
    let rightGradient =
      transposesRight
      ? try MatMul(transposesLeft: true, transposesRight: transposesLeft)(gradient, left)
      : try MatMul(transposesLeft: !transposesLeft, transposesRight: false)(left, gradient)
    return [leftGradient, rightGradient]
  }
}

extension Tensor {
  /// The matrix product; `[m, k]` times `[k, n]` is `[m, n]`, accumulated in float32.
  ///
  /// - Parameters:
  ///   - other: The second operand.
  ///   - transposesLeft: Uses this matrix transposed.
  ///   - transposesRight: Uses `other` transposed.
  /// - Throws: `GraphError.shapeMismatch` unless both are matrices whose inner sizes agree.
  public func matmul(
    _ other: Tensor, transposesLeft: Bool = false, transposesRight: Bool = false
  ) throws -> Tensor {
    try MatMul(transposesLeft: transposesLeft, transposesRight: transposesRight)(self, other)
  }
}
