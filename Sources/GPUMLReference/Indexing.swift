import GPUMLGraph

/// A tensor's axes around one that indices name places along.
private struct AxisView {
  let outer: Int
  let size: Int
  let inner: Int

  /// - Parameter axes: The axes that count as one.
  init(_ shape: [Int], axes: Range<Int>) {
    outer = shape[..<axes.lowerBound].reduce(1, *)
    size = shape[axes].reduce(1, *)
    inner = shape[axes.upperBound...].reduce(1, *)
  }
}

extension IndexPrimitive {
  /// The place that an index names among `size`; nil out of range.
  fileprivate func place(_ index: Double, _ size: Int) -> Int? {
    let place = index < 0 ? index + Double(size) : index
    return place >= 0 && place < Double(size) ? Int(place) : nil
  }

  /// Takes elements; `indexAt` tells which index belongs to an element of the result.
  fileprivate func taking(
    _ values: ReferenceTensor, _ indices: ReferenceTensor, fill: Double, picks: Int,
    indexAt: (_ outer: Int, _ pick: Int, _ inner: Int) -> Int
  ) -> [Double] {
    let view = AxisView(values.shape, axes: axis..<(axis + 1))
    var result: [Double] = []
    result.reserveCapacity(view.outer * picks * view.inner)
    for outer in 0..<view.outer {
      for pick in 0..<picks {
        for inner in 0..<view.inner {
          let place = place(indices.values[indexAt(outer, pick, inner)], view.size)
          result.append(
            place.map { values.values[(outer * view.size + $0) * view.inner + inner] } ?? fill)
        }
      }
    }
    return result
  }
}

extension Gather: ReferenceEvaluable {
  /// Slice by slice.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let type = outputTypes[0]
    let values = taking(
      inputs[0], inputs[1], fill: type.dtype.isFloating && !fillsZero ? .nan : 0,
      picks: inputs[1].values.count, indexAt: { _, pick, _ in pick })
    return [ReferenceTensor(shape: type.shape, dtype: type.dtype, values: values)]
  }
}

extension TakeAlongAxis: ReferenceEvaluable {
  /// Element by element.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let type = outputTypes[0]
    let view = AxisView(type.shape, axes: axis..<(axis + 1))
    let values = taking(
      inputs[0], inputs[1], fill: type.dtype.isFloating && !fillsZero ? .nan : 0, picks: view.size,
      indexAt: { outer, pick, inner in (outer * view.size + pick) * view.inner + inner })
    return [ReferenceTensor(shape: type.shape, dtype: type.dtype, values: values)]
  }
}

extension ScatterPrimitive {
  /// Goes over updates in row-major order and tells which element of the result each is for.
  ///
  /// - Parameters:
  ///   - picks: The updates' axes around those of the indices.
  ///   - isOwn: Whether each update has an index of its own.
  fileprivate func scatter(
    _ indices: ReferenceTensor, _ picks: AxisView, _ size: Int, isOwn: Bool,
    _ body: (_ update: Int, _ pick: Int, _ target: Int) -> Void
  ) {
    for outer in 0..<picks.outer {
      for pick in 0..<picks.size {
        for inner in 0..<picks.inner {
          let update = (outer * picks.size + pick) * picks.inner + inner
          guard let place = place(indices.values[isOwn ? update : pick], size) else { continue }
          body(update, pick, (outer * size + place) * picks.inner + inner)
        }
      }
    }
  }
}

extension ScatterSum: ReferenceEvaluable {
  /// Slice by slice, in order.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let picks = AxisView(inputs[0].shape, axes: axis..<(axis + inputs[1].shape.count))
    var sums = ReferenceTensor(zeros: outputTypes[0])
    scatter(inputs[1], picks, outputTypes[0].shape[axis], isOwn: false) { update, _, target in
      sums.add(inputs[0].values[update], at: target)
    }
    return [sums]
  }
}

extension ScatterSumAlongAxis: ReferenceEvaluable {
  /// Element by element, in order.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let picks = AxisView(inputs[0].shape, axes: axis..<(axis + 1))
    var sums = ReferenceTensor(zeros: outputTypes[0])
    scatter(inputs[1], picks, outputTypes[0].shape[axis], isOwn: true) { update, _, target in
      sums.add(inputs[0].values[update], at: target)
    }
    return [sums]
  }
}

extension LastPlaces: ReferenceEvaluable {
  /// The later index overwrites the earlier.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let picks = AxisView(inputs[0].shape, axes: axis..<(axis + 1))
    var places = ReferenceTensor(zeros: outputTypes[0])
    places.values = places.values.map { _ in Double(Int32.min) }
    scatter(inputs[0], picks, outputTypes[0].shape[axis], isOwn: true) { _, pick, target in
      places.values[target] = Double(pick)
    }
    return [places]
  }
}

extension ReferenceTensor {
  fileprivate init(zeros type: (shape: [Int], dtype: DType)) {
    self.init(
      shape: type.shape, dtype: type.dtype,
      values: [Double](repeating: 0, count: HostTensor.elementCount(of: type.shape) ?? 0))
  }

  fileprivate mutating func add(_ value: Double, at place: Int) {
    guard dtype.isInteger else { return values[place] += value }
    let (left, right): (Int64, Int64) = (
      HostTensor.clamped(values[place]), HostTensor.clamped(value)
    )
    values[place] = dtype.wrapped(left &+ right)
  }
}
