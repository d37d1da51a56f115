extension Tensor {
  /// Part of an axis: the elements from `start` to just before `end`, every `step`-th.
  ///
  /// Along an axis whose size is a number the bounds follow NumPy and ONNX: negative ones count
  /// from the end, and what lies outside is clamped. Along a symbolic axis negative numbers count
  /// from the end as well, but nothing is clamped: a plan whose sizes leave a bound outside is an
  /// error. Numbers beyond ±2³¹ mean the ends of the axis in either case.
  ///
  /// - Parameters:
  ///   - axis: Negative counts from the end.
  ///   - start: The first element; nil for the first of the axis, or the last if `step` is
  ///     negative. An expression over symbols, such as `n - 3`, is taken as it stands.
  ///   - end: Just behind the last element; nil for all that follow.
  ///   - step: How far apart the elements are; negative goes backwards.
  /// - Throws: `GraphError` if there is no such axis, `step` is 0 or a bound does not fit.
  /// - SeeAlso: <https://onnx.ai/onnx/operators/onnx__Slice.html>
  public func sliced(
    axis: Int, from start: Dim? = nil, to end: Dim? = nil, by step: Int = 1
  ) throws -> Tensor {
    let axis = try resolved(axes: [axis], operation: "slice")[0]
    return try sliced([axis: try AxisRange(start, end, step)])
  }

  /// Part of several axes by numbers, as `sliced(axis:from:to:by:)` takes part of one.
  ///
  /// - Parameters:
  ///   - starts: The first element by axis.
  ///   - ends: Just behind the last element by axis; `Int.max` or, going backwards, `Int.min` for
  ///     all that follow.
  ///   - axes: The axes; nil for the first ones, negative counts from the end.
  ///   - steps: How far apart the elements are; nil for 1.
  /// - Throws: `GraphError` if the numbers of values differ, there is no such axis, an axis is
  ///   named twice, or a step is 0.
  public func sliced(
    starts: [Int], ends: [Int], axes: [Int]? = nil, steps: [Int]? = nil
  ) throws -> Tensor {
    let axes = axes ?? Array(starts.indices)
    let steps = steps ?? starts.map { _ in 1 }
    guard ends.count == starts.count, axes.count == starts.count, steps.count == starts.count
    else {
      throw GraphError.invalidValue(
        operation: "slice",
        reason: "\(starts.count) starts, \(ends.count) ends, \(axes.count) axes and "
          + "\(steps.count) steps")
    }
    _ = try resolved(axes: axes, operation: "slice")
    var ranges: [Int: AxisRange] = [:]
    for (place, axis) in axes.enumerated() {
      ranges[axis < 0 ? axis + rank : axis] = try AxisRange(
        Dim(starts[place]), Dim(ends[place]), steps[place])
    }
    return try sliced(ranges)
  }

  /// The elements of some axes in reverse order.
  ///
  /// - Parameter axes: nil for all, negative counts from the end.
  /// - Throws: `GraphError` if an axis does not exist or is named twice.
  public func flipped(axes: [Int]? = nil) throws -> Tensor {
    let backwards = try AxisRange(nil, nil, -1)
    let axes = try resolved(axes: axes, operation: "flip")
    return try sliced(Dictionary(uniqueKeysWithValues: axes.map { ($0, backwards) }))
  }

  private func sliced(_ ranges: [Int: AxisRange]) throws -> Tensor {
    var slice = (starts: shape.map { _ in Dim(0) }, sizes: shape, steps: shape.map { _ in Dim(1) })
    for (axis, range) in ranges {
      let (start, size) = range.resolved(within: shape[axis])
      (slice.starts[axis], slice.sizes[axis]) = (start, size)
      slice.steps[axis] = Dim(range.step)
    }
    if slice.sizes == shape, slice.starts.allSatisfy({ $0 == 0 }),
      slice.steps.allSatisfy({ $0 == 1 })
    {
      return self
    }
    return try StridedSlice(starts: slice.starts, sizes: slice.sizes, steps: slice.steps)(self)
  }
}

/// The part of an axis that a user asks for.
private struct AxisRange {
  let start: Dim?
  let end: Dim?
  let step: Int

  /// No axis has more elements than this.
  private static let limit = Int(Int32.max)

  init(_ start: Dim?, _ end: Dim?, _ step: Int) throws {
    guard step != 0 else {
      throw GraphError.invalidValue(operation: "slice", reason: "a step is 0")
    }
    self.start = start
    self.end = end
    self.step = max(-AxisRange.limit, min(AxisRange.limit, step))
  }

  /// Where the part begins and how many elements it has.
  func resolved(within size: Dim) -> (start: Dim, size: Dim) {
    // Going backwards, everything is one less: the last element is the first, and −1 its end.
    let low = step > 0 ? 0 : -1
    let first = bound(start ?? (step > 0 ? 0 : size - 1), low, size)
    let last = bound(end ?? (step > 0 ? size : Dim(-1)), low, size, isOpen: end == nil)
    let distance = step > 0 ? last - first : first - last
    let count = (distance + Dim(abs(step) - 1)) / Dim(abs(step))
    if let number = count.constant, number <= 0 { return (0, 0) }
    return (first, count)
  }

  /// A bound that counts from the beginning, clamped if it and the size are numbers.
  private func bound(_ value: Dim, _ low: Int, _ size: Dim, isOpen: Bool = false) -> Dim {
    guard let number = value.constant, !isOpen else { return value }
    if number < -AxisRange.limit { return Dim(low) }
    if number > AxisRange.limit { return size + Dim(low) }
    let counted = number < 0 ? size + Dim(number) : value
    guard let place = counted.constant, let extent = size.constant else { return counted }
    return Dim(max(low, min(extent + low, place)))
  }
}
