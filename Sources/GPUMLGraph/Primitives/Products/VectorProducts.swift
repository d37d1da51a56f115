extension Tensor {
  /// The sum of the products of two vectors' elements, accumulated in float32; 0 of empty ones.
  ///
  /// - Parameter other: A vector of the same size and element type.
  /// - Returns: A scalar; see `matmul` for its type.
  /// - Throws: `GraphError.shapeMismatch` unless both are vectors of the same size;
  ///   `GraphError.invalidValue` if the element types differ.
  public func dot(_ other: Tensor) throws -> Tensor {
    try expectVectors("dot", other)
    return try matmul(other)
  }

  /// Every product of an element of this vector with one of another.
  ///
  /// - Parameter other: A vector; element types are promoted as for `*`.
  /// - Returns: Shape `[m, n]` for vectors of `m` and `n` elements.
  /// - Throws: `GraphError.shapeMismatch` unless both are vectors.
  public func outer(_ other: Tensor) throws -> Tensor {
    try expectVectors("outer", other)
    return try reshaped(to: shape + [1]) * other.reshaped(to: [1] + other.shape)
  }

  private func expectVectors(_ operation: String, _ other: Tensor) throws {
    guard rank == 1, other.rank == 1 else {
      throw GraphError.shapeMismatch(
        operation: operation, shapes: [shape.text, other.shape.text], reason: "takes two vectors")
    }
  }
}
