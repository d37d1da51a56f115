extension Tensor {
  /// A mask of more elements would weigh down the graph.
  private static let largestDiagonal = 1024

  /// The elements whose places along two axes are equal; the second axis disappears.
  ///
  /// - Throws: `GraphError.shapeMismatch` if the sizes differ; `GraphError.invalidValue` if they are
  ///   symbols or too large.
  func einsumDiagonal(_ first: Int, _ second: Int) throws -> Tensor {
    guard shape[first] == shape[second] else {
      throw GraphError.shapeMismatch(
        operation: "einsum", shapes: [shape.text],
        reason: "axes \(first) and \(second) share an index but not their size")
    }
    guard let size = shape[first].constant, size >= 0, size <= Tensor.largestDiagonal else {
      throw GraphError.invalidValue(
        operation: "einsum",
        reason: "the diagonal of axes of size \(shape[first]) is not a number of at most "
          + "\(Tensor.largestDiagonal)")
    }
    let sizes = shape.indices.map { $0 == first || $0 == second ? size : 1 }
    let ones = (0..<(size * size)).map { $0 % (size + 1) == 0 ? 1.0 : 0 }
    // The mask chooses, rather than multiplies: what it leaves out may be infinite.
    let mask = try Tensor.constant(HostTensor(doubles: ones, shape: sizes, dtype: .bool))
    return try mask.select(self, filled(with: 0)).sum(axes: [second])
  }
}
