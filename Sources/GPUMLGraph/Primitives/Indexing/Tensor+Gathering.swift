extension Tensor {
  /// The slices that indices name along an axis; the rows of an embedding are such slices.
  ///
  /// A tensor `[a…, n, b…]` and indices `[i…]` give `[a…, i…, b…]`.
  ///
  /// - Parameters:
  ///   - indices: `int32` or `int64` of any shape; a negative one counts from the end, and what then
  ///     is not in `0..<n` gives NaN, in types without NaN 0 or false.
  ///   - axis: Negative counts from the end.
  /// - Throws: `GraphError` if there is no such axis or the indices are of another type.
  public func gathered(at indices: Tensor, axis: Int = 0) throws -> Tensor {
    try Gather(axis: resolved(axes: [axis], operation: Gather.name)[0])(self, indices)
  }

  /// Elements by an index each along an axis, as NumPy's `take_along_axis` and ONNX's
  /// `GatherElements` take them.
  ///
  /// A tensor `[a…, n, b…]` and indices `[a…, k, b…]` give the shape of the indices. Sizes besides
  /// the axis broadcast.
  ///
  /// - Parameters:
  ///   - indices: `int32` or `int64`, with as many axes as the tensor; negative ones and those out of
  ///     range as in `gathered(at:axis:)`.
  ///   - axis: Negative counts from the end.
  /// - Throws: `GraphError` if there is no such axis, shapes do not fit or the indices are of another
  ///   type.
  public func taken(at indices: Tensor, alongAxis axis: Int) throws -> Tensor {
    let name = TakeAlongAxis.name
    let axis = try resolved(axes: [axis], operation: name)[0]
    // The axis itself does not broadcast: of both shapes it counts as 1.
    var (own, others) = (shape, indices.shape)
    own[axis] = 1
    if others.count == rank { others[axis] = 1 }
    guard others.count == rank, let common = Broadcasting.shape(own, others) else {
      throw GraphError.shapeMismatch(
        operation: name, shapes: [shape.text, indices.shape.text],
        reason: "the shapes do not broadcast besides axis \(axis)")
    }
    func stretched(_ tensor: Tensor) throws -> Tensor {
      var target = common
      target[axis] = tensor.shape[axis]
      return try tensor.expanded(to: target)
    }
    return try TakeAlongAxis(axis: axis)(stretched(self), stretched(indices))
  }

  /// The slices at points of the first axes, as ONNX's `GatherND` takes them.
  ///
  /// A tensor `[n₁, …, nₘ, b…]` and points `[i…, m]` give `[i…, b…]`.
  ///
  /// - Parameter points: `int32` or `int64`; the last axis holds one index for each of the first
  ///   axes of the tensor. A point that lies outside gives what it gives in `gathered(at:axis:)`.
  /// - Throws: `GraphError` if the points have more coordinates than the tensor axes, their number
  ///   is no constant, or they are of another type.
  public func gathered(atPoints points: Tensor) throws -> Tensor {
    let joined = try JoinedAxes(shape, points: points, operation: "gather_nd")
    return try reshaped(to: joined.shape).gathered(at: joined.places)
  }

  /// The elements where a condition holds, in row-major order, as a tensor of one axis whose size
  /// only a run knows.
  ///
  /// A condition with fewer axes than the tensor chooses slices: `[a…]` of `[a…, b…]` give
  /// `[count, b…]`.
  ///
  /// - Parameter condition: `bool` with the first sizes of the tensor, or a tensor of numbers, of
  ///   which all but 0 hold.
  /// - Throws: `GraphError.shapeMismatch` if the sizes differ.
  public func elements(where condition: Tensor) throws -> Tensor {
    guard Array(shape.prefix(condition.rank)) == condition.shape else {
      throw GraphError.shapeMismatch(
        operation: "masked_select", shapes: [shape.text, condition.shape.text],
        reason: "the condition does not have the tensor's first sizes")
    }
    let count = condition.shape.elementCount
    let places = try condition.reshaped(to: [count]).nonZero(dtype: .int32)
    let rows = try reshaped(to: [count] + shape.dropFirst(condition.rank))
    return try rows.gathered(at: places.reshaped(to: [places.shape[0]]))
  }

  /// The slices of an axis in random order, drawn anew at each step.
  ///
  /// - Parameters:
  ///   - axis: Negative counts from the end.
  ///   - stream: A number of its own for each use within a graph.
  /// - Throws: `GraphError.shapeMismatch` if there is no such axis.
  public func shuffled(axis: Int = 0, stream: Int) throws -> Tensor {
    let axis = try resolved(axes: [axis], operation: "shuffle")[0]
    return try gathered(at: .permutation(count: shape[axis], stream: stream), axis: axis)
  }
}
