extension Tensor {
  /// Leaves out axes of size 1.
  ///
  /// - Parameter axes: nil for all whose size is the number 1; negative counts from the end.
  /// - Throws: `GraphError` if an axis does not exist, is named twice or is not of size 1.
  public func squeezed(axes: [Int]? = nil) throws -> Tensor {
    let axes = try resolved(
      axes: axes ?? shape.indices.filter { shape[$0] == 1 }, operation: "squeeze")
    if let axis = axes.first(where: { shape[$0] != 1 }) {
      throw GraphError.shapeMismatch(
        operation: "squeeze", shapes: [shape.text], reason: "axis \(axis) is not of size 1")
    }
    return try reshaped(to: shape.indices.filter { !axes.contains($0) }.map { shape[$0] })
  }

  /// Puts in axes of size 1.
  ///
  /// - Parameter axes: Their places in the result; negative counts from its end.
  /// - Throws: `GraphError` if a place does not exist in the result or is named twice.
  public func unsqueezed(axes: [Int]) throws -> Tensor {
    let rank = rank + axes.count
    let places = try axes.map { axis in
      let place = axis < 0 ? axis + rank : axis
      guard place >= 0, place < rank else {
        throw GraphError.shapeMismatch(
          operation: "unsqueeze", shapes: [shape.text],
          reason: "there is no axis \(axis) among \(rank)")
      }
      return place
    }
    guard Set(places).count == places.count else {
      throw GraphError.invalidValue(
        operation: "unsqueeze", reason: "\(axes) names an axis twice")
    }
    var sizes = shape
    for place in places.sorted() { sizes.insert(1, at: place) }
    return try reshaped(to: sizes)
  }

  /// Two axes in each other's place; negative ones count from the end.
  ///
  /// - Throws: `GraphError.shapeMismatch` if an axis does not exist.
  public func swappedAxes(_ first: Int, _ second: Int) throws -> Tensor {
    let left = try resolved(axes: [first], operation: "swap_axes")[0]
    let right = try resolved(axes: [second], operation: "swap_axes")[0]
    if left == right { return self }
    var order = Array(shape.indices)
    order.swapAt(left, right)
    return try transposed(order)
  }

  /// One axis in another place; the others keep their order. Negative ones count from the end.
  ///
  /// - Throws: `GraphError.shapeMismatch` if an axis does not exist.
  public func movedAxis(from source: Int, to target: Int) throws -> Tensor {
    let from = try resolved(axes: [source], operation: "move_axis")[0]
    let to = try resolved(axes: [target], operation: "move_axis")[0]
    if from == to { return self }
    var order = Array(shape.indices)
    order.insert(order.remove(at: from), at: to)
    return try transposed(order)
  }

  /// The whole tensor side by side with itself along each axis.
  ///
  /// - Parameter counts: How often, by axis. Given fewer than axes, they are those of the last
  ///   axes; given more, the tensor gets new axes of size 1 in front.
  /// - Throws: `GraphError.shapeMismatch` if a count is negative.
  /// - SeeAlso: <https://numpy.org/doc/stable/reference/generated/numpy.tile.html>
  public func tiled(_ counts: [Dim]) throws -> Tensor {
    try check(counts, operation: "tile")
    let ones = [Dim](repeating: 1, count: Swift.max(0, counts.count - rank))
    let sizes = ones + shape
    let missing = [Dim](repeating: 1, count: Swift.max(0, rank - counts.count))
    let pairs = zip(missing + counts, sizes)
    return try reshaped(to: sizes.flatMap { [1, $0] })
      .expanded(to: pairs.flatMap { [$0, $1] })
      .reshaped(to: pairs.map { $0 * $1 })
  }

  /// Each element of an axis several times in a row.
  ///
  /// - Parameters:
  ///   - count: How often.
  ///   - axis: Negative counts from the end.
  /// - Throws: `GraphError.shapeMismatch` if there is no such axis or the count is negative.
  public func repeated(_ count: Dim, axis: Int) throws -> Tensor {
    let axis = try resolved(axes: [axis], operation: "repeat")[0]
    try check([count], operation: "repeat")
    var (stretched, joined) = (shape, shape)
    stretched.insert(count, at: axis + 1)
    joined[axis] = shape[axis] * count
    return try unsqueezed(axes: [axis + 1]).expanded(to: stretched).reshaped(to: joined)
  }

  private func check(_ counts: [Dim], operation: String) throws {
    guard counts.allSatisfy({ $0.constant.map { $0 >= 0 } ?? true }) else {
      throw GraphError.shapeMismatch(
        operation: operation, shapes: [shape.text], reason: "\(counts.text) has a negative count")
    }
  }
}
