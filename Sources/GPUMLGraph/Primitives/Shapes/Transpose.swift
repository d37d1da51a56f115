/// The axes in another order.
public struct Transpose: Primitive {
  /// The name in saved graphs.
  public static let name = "transpose"
  /// What it computes.
  public static let summary = "the axes in another order"
  /// What the first operand may be.
  public static let dtypes = DType.allCases
  /// Gradients flow to the operand.
  public static let differentiability = Differentiability.differentiable

  /// For each axis of the result the axis of the operand.
  public let permutation: [Int]

  package init(_ permutation: [Int]) { self.permutation = permutation }
  /// Restores the primitive from a saved graph.
  public init(_ attributes: Attributes) throws { permutation = try attributes.ints("permutation") }
  /// The permutation.
  public var attributes: Attributes { Attributes(["permutation": .ints(permutation)]) }

  /// The sizes in the new order.
  public func outputTypes(_ inputs: [TensorType]) throws -> [TensorType] {
    try expect(1, inputs)
    guard permutation.sorted() == Array(inputs[0].shape.indices) else {
      throw mismatch(inputs, "\(permutation) is not a permutation of its axes")
    }
    return [TensorType(permutation.map { inputs[0].shape[$0] }, inputs[0].dtype)]
  }

  /// The gradient with the axes back in their order.
  public func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    var inverse = permutation
    for (place, axis) in permutation.enumerated() { inverse[axis] = place }
    return [try step.gradient.map { try Transpose(inverse)($0) }]
  }
}

extension Tensor {
  /// The axes in another order; by default reversed.
  ///
  /// - Throws: `GraphError.shapeMismatch` unless `permutation` names every axis once.
  public func transposed(_ permutation: [Int]? = nil) throws -> Tensor {
    try Transpose(permutation ?? (0..<rank).reversed())(self)
  }
}
