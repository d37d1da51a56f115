/// The matrix product of the last two axes, either operand transposed; the axes before them are a
/// batch and broadcast like those of NumPy.
///
/// Products of floating-point types are summed in float32. Products of whole numbers wrap around;
/// those of `int8` and `uint8`, in any combination, are summed and kept in `int32`.
public struct MatMul: Primitive {
  /// The name in saved graphs.
  public static let name = "matmul"
  /// What it computes.
  public static let summary = "the matrix product, either operand transposed; batches broadcast"
  /// What the first operand may be.
  public static let dtypes = DType.numeric
  /// Gradients flow to both operands.
  public static let differentiability = Differentiability.differentiable

  /// Whether the first operand's matrices are used transposed.
  public let transposesLeft: Bool
  /// Whether the second operand's matrices are used transposed.
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

  /// `[..., m, k]` times `[..., k, n]` is `[..., m, n]`.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(2, inputs)
    try inputs.forEach { try expectDType($0) }
    guard let dtype = MatMul.resultDType(inputs[0].dtype, inputs[1].dtype) else {
      throw GraphError.invalidValue(
        operation: name,
        reason: "the operands are \(inputs[0].dtype) and \(inputs[1].dtype); cast one of them")
    }
    guard inputs[0].shape.count >= 2, inputs[1].shape.count >= 2 else {
      throw mismatch(inputs, "takes two matrices")
    }
    let left = Array(inputs[0].shape.suffix(2)), right = Array(inputs[1].shape.suffix(2))
    let (rows, leftDepth) = transposesLeft ? (left[1], left[0]) : (left[0], left[1])
    let (rightDepth, columns) = transposesRight ? (right[1], right[0]) : (right[0], right[1])
    guard leftDepth == rightDepth else {
      throw mismatch(inputs, "the inner sizes \(leftDepth) and \(rightDepth) differ")
    }
    let batches = inputs.map { Array($0.shape.dropLast(2)) }
    guard let batch = Broadcasting.shape(batches[0], batches[1]) else {
      throw mismatch(
        inputs, "the batches \(batches[0].text) and \(batches[1].text) do not broadcast")
    }
    return [TensorType(batch + [rows, columns], dtype)]
  }

  /// The type of a product, or nil if the types do not go together.
  private static func resultDType(_ left: DType, _ right: DType) -> DType? {
    let bytes: Set<DType> = [.int8, .uint8]
    if bytes.isSuperset(of: [left, right]) { return .int32 }
    return left == right ? left : nil
  }

  /// For C = A·B: dA = dC·Bᵀ and dB = Aᵀ·dC, with the transposes of the operands worked in, and
  /// summed over the batch axes along which an operand repeats.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    guard let gradient = step.gradient else { return [nil, nil] }
    let (left, right) = (step.inputs[0], step.inputs[1])
    let leftGradient =
      transposesLeft
      ? try MatMul(transposesLeft: transposesRight, transposesRight: true)(right, gradient)
      : try MatMul(transposesLeft: false, transposesRight: !transposesRight)(gradient, right)
    return [
      try leftGradient.summed(to: left.shape),
      try rightGradient(gradient, left: left, right: right),
    ]
  }

  /// Where the right operand repeats along the last batch axes, as a layer's weight does, these
  /// axes become part of the rows, so that the product itself sums over them.
  private func rightGradient(_ gradient: Tensor, left: Tensor, right: Tensor) throws -> Tensor {
    let repeated = repeatedAxes(left: left, right: right)
    if repeated == 0 {
      let product =
        transposesRight
        ? try MatMul(transposesLeft: true, transposesRight: transposesLeft)(gradient, left)
        : try MatMul(transposesLeft: !transposesLeft, transposesRight: false)(left, gradient)
      return try product.summed(to: right.shape)
    }
    let rowsFirst = transposesLeft ? try left.exchangingMatrixAxes() : left
    let tallLeft = try rowsFirst.joiningRows(repeated)
    let tallGradient = try gradient.joiningRows(repeated)
    let product =
      transposesRight
      ? try MatMul(transposesLeft: true, transposesRight: false)(tallGradient, tallLeft)
      : try MatMul(transposesLeft: true, transposesRight: false)(tallLeft, tallGradient)
    let batch = right.shape.dropLast(2).dropLast(repeated)
    return try product.summed(to: Array(batch + right.shape.suffix(2))).reshaped(to: right.shape)
  }

  /// The number of last batch axes of the left operand along which the right one repeats.
  private func repeatedAxes(left: Tensor, right: Tensor) -> Int {
    let sizes = Array(right.shape.dropLast(2).reversed())
    return (0..<(left.rank - 2)).prefix { $0 >= sizes.count || sizes[$0] == 1 }.count
  }
}

extension Tensor {
  /// The last two axes exchanged.
  package func exchangingMatrixAxes() throws -> Tensor {
    try transposed(Array(0..<(rank - 2)) + [rank - 1, rank - 2])
  }

  /// `[a, b, m, n]` as `[a, b·m, n]`, with `count` axes joined to the rows.
  fileprivate func joiningRows(_ count: Int) throws -> Tensor {
    let kept = rank - 2 - count
    return try reshaped(
      to: Array(shape[..<kept]) + [Array(shape[kept..<(rank - 1)]).elementCount, shape[rank - 1]])
  }

  /// The matrix product, accumulated in float32.
  ///
  /// `[..., m, k]` times `[..., k, n]` is `[..., m, n]`; the axes before the last two broadcast.
  /// A vector on the left counts as a row and one on the right as a column, whose axis the result
  /// lacks: `[k]` times `[..., k, n]` is `[..., n]`, `[..., m, k]` times `[k]` is `[..., m]`, and
  /// `[k]` times `[k]` is a scalar. The rules are those of NumPy and of ONNX's `MatMul`.
  ///
  /// - Parameters:
  ///   - other: The second operand, of the same element type. Products of `int8` and `uint8` are
  ///     `int32`; those of other whole numbers keep their type and wrap around.
  ///   - transposesLeft: Uses this tensor's matrices transposed; a vector stays as it is.
  ///   - transposesRight: Uses `other`'s matrices transposed; a vector stays as it is.
  /// - Throws: `GraphError.shapeMismatch` if an operand is a scalar, the inner sizes differ or the
  ///   batches do not broadcast; `GraphError.invalidValue` if the element types differ.
  public func matmul(
    _ other: Tensor, transposesLeft: Bool = false, transposesRight: Bool = false
  ) throws -> Tensor {
    let isRow = rank == 1, isColumn = other.rank == 1
    let product = MatMul(
      transposesLeft: transposesLeft && !isRow, transposesRight: transposesRight && !isColumn)
    if !isRow && !isColumn { return try product(self, other) }
    guard rank > 0, other.rank > 0 else {
      throw product.mismatch([type, other.type], "takes vectors and matrices")
    }
    let depth = shape[rank - (product.transposesLeft ? 2 : 1)]
    let otherDepth = other.shape[other.rank - (isColumn || product.transposesRight ? 1 : 2)]
    guard depth == otherDepth else {
      throw product.mismatch(
        [type, other.type], "the inner sizes \(depth) and \(otherDepth) differ")
    }
    let left = isRow ? try reshaped(to: [1, depth]) : self
    let right = isColumn ? try other.reshaped(to: [depth, 1]) : other
    let result = try product(left, right)
    var sizes = result.shape
    if isColumn { sizes.removeLast() }
    if isRow { sizes.remove(at: sizes.count - (isColumn ? 1 : 2)) }
    return try result.reshaped(to: sizes)
  }
}
