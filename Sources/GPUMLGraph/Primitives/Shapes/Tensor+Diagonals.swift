extension Tensor {
  /// A diagonal of the matrices that two axes make; the result has it as its last axis.
  ///
  /// Outside of matrices whose sizes are numbers it is empty; outside of those of symbolic sizes it
  /// is an error when a plan is made.
  ///
  /// - Parameters:
  ///   - offset: How far it lies right of the main diagonal.
  ///   - axes: Rows and columns; negative counts from the end.
  /// - Throws: `GraphError.shapeMismatch` if an axis does not exist, both are the same, or symbols
  ///   leave open whether rows or columns end first.
  public func diagonal(offset: Int = 0, axes: (Int, Int) = (-2, -1)) throws -> Tensor {
    let operation = "diagonal"
    _ = try resolved(axes: [axes.0, axes.1], operation: operation)
    let pair = [axes.0, axes.1].map { $0 < 0 ? $0 + rank : $0 }
    let order = shape.indices.filter { !pair.contains($0) } + pair
    let matrices = order == Array(shape.indices) ? self : try transposed(order)
    let (rows, columns) = (shape[pair[0]], shape[pair[1]])
    let offset = Tensor.limited(offset)
    let (first, left) = (Dim(Swift.max(0, -offset)), Dim(Swift.max(0, offset)))
    guard let length = Tensor.shorter(rows - first, columns - left) else {
      throw GraphError.shapeMismatch(
        operation: operation, shapes: [shape.text],
        reason: "the length of the diagonal depends on which axis is longer")
    }
    let batch = matrices.shape.dropLast(2)
    let flat = try matrices.reshaped(to: batch + [rows * columns])
    let slice = StridedSlice(
      starts: batch.map { _ in 0 } + [length == 0 ? 0 : first * columns + left],
      sizes: batch + [length], steps: batch.map { _ in 1 } + [columns + 1])
    return try slice(flat)
  }

  /// Square matrices with the last axis as their diagonal and 0 elsewhere.
  ///
  /// - Parameter offset: How far the diagonal lies right of the main diagonal; rows and columns
  ///   are as many more than its elements.
  /// - Throws: `GraphError` if the tensor is a scalar or the offset is beyond ±2³¹.
  public func diagonalMatrix(offset: Int = 0) throws -> Tensor {
    let operation = "diagonal_matrix"
    guard let length = shape.last else {
      throw GraphError.shapeMismatch(
        operation: operation, shapes: [shape.text], reason: "a scalar has no axis")
    }
    guard offset == Tensor.limited(offset) else {
      throw GraphError.invalidValue(
        operation: operation, reason: "an offset of \(offset) is too large")
    }
    let side = length + Dim(Int(clamping: offset.magnitude))
    let batch = shape.dropLast()
    let start = offset < 0 ? Dim(-offset) * side : Dim(offset)
    return try StridedPlacement(
      starts: batch.map { _ in 0 } + [start], steps: batch.map { _ in 1 } + [side + 1],
      shape: batch + [side * side])(self).reshaped(to: batch + [side, side])
  }

  /// An offset that is no farther from 0 than any axis is long.
  private static func limited(_ offset: Int) -> Int {
    let most = Int(Int32.max)
    return Swift.max(-most, Swift.min(most, offset))
  }

  /// The smaller size, at least 0, if it is certain which one that is.
  private static func shorter(_ left: Dim, _ right: Dim) -> Dim? {
    guard let difference = (left - right).constant else { return nil }
    let size = difference <= 0 ? left : right
    return size.constant.map { Dim(Swift.max(0, $0)) } ?? size
  }
}
