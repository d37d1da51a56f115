extension Tensor {
  /// The tensor with slices of it replaced, along an axis.
  ///
  /// A tensor `[a…, n, b…]`, updates `[a…, i…, b…]` and indices `[i…]` give the tensor's shape. Where
  /// several slices go to one place the last in the row-major order of the indices stays. Gradients
  /// flow to what stays.
  ///
  /// - Parameters:
  ///   - updates: Of the tensor's type; they may broadcast to their shape.
  ///   - indices: `int32` or `int64` of any shape; a negative one counts from the end, and what then
  ///     is not in `0..<n` is left out.
  ///   - axis: Negative counts from the end.
  /// - Throws: `GraphError` if there is no such axis, shapes do not fit or types differ.
  public func scattering(
    _ updates: Tensor, at indices: Tensor, axis: Int = 0
  ) throws -> Tensor {
    let axis = try resolved(axes: [axis], operation: "scatter")[0]
    let slices = try self.slices(updates, indices, axis, "scatter")
    let last = try LastPlaces(axis: 0, size: shape[axis])(slices.indices)
    let isKept = try last.isAtMost(-1)
      .reshaped(to: [shape[axis]] + shape.dropFirst(axis + 1).map { _ in 1 })
    return try isKept.select(self, Gather(axis: axis, fillsZero: true)(slices.updates, last))
  }

  /// The tensor with slices added to it, along an axis.
  ///
  /// Shapes, indices and errors are those of `scattering(_:at:axis:)`. Slices for one place are added
  /// up in the row-major order of the indices, in float32; integers wrap around.
  public func scatterAdding(
    _ updates: Tensor, at indices: Tensor, axis: Int = 0
  ) throws -> Tensor {
    let axis = try resolved(axes: [axis], operation: "scatter_add")[0]
    let slices = try self.slices(updates, indices, axis, "scatter_add")
    let sum = ScatterSum(axis: axis, size: shape[axis])
    return try adding(slices.updates) { try sum($0, slices.indices) }
  }

  /// The tensor with elements replaced, each found by an index of its own along an axis, as NumPy's
  /// `put_along_axis` and ONNX's `ScatterElements` do it.
  ///
  /// A tensor `[a…, n, b…]` and indices `[a…, k, b…]` give the tensor's shape. Where several elements
  /// go to one place the last along the axis stays. Gradients flow to what stays.
  ///
  /// - Parameters:
  ///   - updates: Of the tensor's type; they may broadcast to the shape of the indices.
  ///   - indices: `int32` or `int64`, with the tensor's sizes but at the axis; a negative one counts
  ///     from the end, and what then is not in `0..<n` is left out.
  ///   - axis: Negative counts from the end.
  /// - Throws: `GraphError` if there is no such axis, shapes do not fit or types differ.
  public func putting(
    _ updates: Tensor, at indices: Tensor, alongAxis axis: Int
  ) throws -> Tensor {
    let name = "put_along_axis"
    let axis = try resolved(axes: [axis], operation: name)[0]
    let elements = try elements(updates, indices, axis, name)
    let last = try LastPlaces(axis: axis, size: shape[axis])(indices)
    let taken = try TakeAlongAxis(axis: axis, fillsZero: true)(elements, last)
    return try last.isAtMost(-1).select(self, taken)
  }

  /// The tensor with elements added to it, each at an index of its own along an axis.
  ///
  /// Shapes, indices and errors are those of `putting(_:at:alongAxis:)`. Elements for one place are
  /// added up in their order along the axis, in float32; integers wrap around.
  public func scatterAdding(
    _ updates: Tensor, at indices: Tensor, alongAxis axis: Int
  ) throws -> Tensor {
    let name = "add_along_axis"
    let axis = try resolved(axes: [axis], operation: name)[0]
    let elements = try elements(updates, indices, axis, name)
    let sum = ScatterSumAlongAxis(axis: axis, size: shape[axis])
    return try adding(elements) { try sum($0, indices) }
  }

  /// The tensor with slices at points of the first axes replaced, as ONNX's `ScatterND` does it.
  ///
  /// A tensor `[n₁, …, nₘ, b…]`, updates `[i…, b…]` and points `[i…, m]` give the tensor's shape.
  /// Where several slices go to one point the last in row-major order stays.
  ///
  /// - Parameters:
  ///   - updates: Of the tensor's type; they may broadcast to their shape.
  ///   - points: As in `gathered(atPoints:)`; slices for points that lie outside are left out.
  /// - Throws: `GraphError` if shapes do not fit or types differ.
  public func scattering(_ updates: Tensor, atPoints points: Tensor) throws -> Tensor {
    let joined = try JoinedAxes(shape, points: points, operation: "scatter_nd")
    return try reshaped(to: joined.shape).scattering(updates, at: joined.places)
      .reshaped(to: shape)
  }

  /// The tensor with slices added to it at points of the first axes.
  ///
  /// Shapes and errors are those of `scattering(_:atPoints:)`, sums those of
  /// `scatterAdding(_:at:axis:)`.
  public func scatterAdding(_ updates: Tensor, atPoints points: Tensor) throws -> Tensor {
    let joined = try JoinedAxes(shape, points: points, operation: "scatter_nd_add")
    return try reshaped(to: joined.shape).scatterAdding(updates, at: joined.places)
      .reshaped(to: shape)
  }

  /// `on` where an axis' own place equals an index, else `off`.
  ///
  /// Indices `[a…, b…]` give `[a…, depth, b…]`.
  ///
  /// - Parameters:
  ///   - depth: The size of the new axis; it may be symbolic.
  ///   - on: The value at the index.
  ///   - off: The value elsewhere; also everywhere for an index out of range. A negative index counts
  ///     from the end.
  ///   - axis: Where the new axis stands in the result; negative counts from its end.
  ///   - dtype: The element type of the result.
  /// - Throws: `GraphError` if this tensor is not `int32` or `int64`, there is no such axis, or `dtype`
  ///   does not hold `on` or `off`.
  public func oneHot(
    depth: Dim, on: Double = 1, off: Double = 0, axis: Int = -1, dtype: DType = .float32
  ) throws -> Tensor {
    let place = axis < 0 ? axis + rank + 1 : axis
    guard place >= 0, place <= rank else {
      throw GraphError.shapeMismatch(
        operation: "one_hot", shapes: [shape.text], reason: "there is no axis \(axis)")
    }
    for value in [on, off] {
      try dtype.expectHolds(value, operation: "one_hot", advice: "take another type")
    }
    var target = shape
    target.insert(1, at: place)
    let last = try LastPlaces(axis: place, size: depth)(reshaped(to: target))
    return try last.isAtMost(-1).select(
      .constant(off, dtype: dtype), .constant(on, dtype: dtype))
  }

  /// Updates and indices of slices, with the indices' axes joined into one.
  private func slices(
    _ updates: Tensor, _ indices: Tensor, _ axis: Int, _ operation: String
  ) throws -> (updates: Tensor, indices: Tensor) {
    try expectType(of: updates, operation)
    var full = shape
    full.replaceSubrange(axis...axis, with: indices.shape)
    guard Broadcasting.stretches(updates.shape, to: full) else {
      throw GraphError.shapeMismatch(
        operation: operation, shapes: [shape.text, updates.shape.text, indices.shape.text],
        reason: "the updates do not stretch to \(full.text)")
    }
    var joined = shape
    joined[axis] = indices.shape.elementCount
    return (
      try updates.expanded(to: full).reshaped(to: joined),
      try indices.reshaped(to: [joined[axis]])
    )
  }

  /// Updates stretched to the shape of indices that suit this tensor along an axis.
  private func elements(
    _ updates: Tensor, _ indices: Tensor, _ axis: Int, _ operation: String
  ) throws -> Tensor {
    try expectType(of: updates, operation)
    let fits =
      indices.rank == rank
      && shape.indices.allSatisfy { $0 == axis || shape[$0] == indices.shape[$0] }
    guard fits, Broadcasting.stretches(updates.shape, to: indices.shape) else {
      throw GraphError.shapeMismatch(
        operation: operation, shapes: [shape.text, updates.shape.text, indices.shape.text],
        reason: "the indices need the tensor's sizes but at axis \(axis), the updates theirs")
    }
    return try updates.expanded(to: indices.shape)
  }

  private func expectType(of updates: Tensor, _ operation: String) throws {
    guard updates.dtype == dtype else {
      throw GraphError.invalidValue(
        operation: operation,
        reason: "the updates are \(updates.dtype), not \(dtype); cast one of them")
    }
  }

  /// Adds sums of updates; what is stored with fewer bits is rounded once, at the end.
  private func adding(_ updates: Tensor, sum: (Tensor) throws -> Tensor) throws -> Tensor {
    if !dtype.isFloating { return try self + sum(updates) }
    return try (cast(to: .float32) + sum(updates.cast(to: .float32))).cast(to: dtype)
  }
}
