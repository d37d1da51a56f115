import GPUMLGraph

/// A primitive that joins all elements along some axes.
package protocol ReferenceReduction: ReductionPrimitive, ReferenceEvaluable {
  /// The elements of one group joined.
  static func join(_ values: [Double]) -> Double
}

extension ReferenceReduction {
  /// Group by group.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let type = outputTypes[0]
    let groups = inputs[0].groups(along: axes)
    return [ReferenceTensor(shape: type.shape, dtype: type.dtype, values: groups.map(Self.join))]
  }
}

extension ReferenceTensor {
  /// The elements that share their place on all other axes, group by group in row-major order.
  func groups(along axes: [Int]) -> [[Double]] {
    let kept = shape.indices.filter { !axes.contains($0) }
    // With the kept axes first, each group is a run of neighbours.
    let ordered = permuted(kept + axes)
    let size = axes.reduce(1) { $0 * shape[$1] }
    let count = kept.reduce(1) { $0 * shape[$1] }
    return (0..<count).map { Array(ordered[($0 * size)..<(($0 + 1) * size)]) }
  }

  /// The elements with the axes in another order.
  func permuted(_ permutation: [Int]) -> [Double] {
    if values.isEmpty || permutation == Array(shape.indices) { return values }
    let own = strides(of: shape)
    let sizes = permutation.map { shape[$0] }
    let steps = permutation.map { own[$0] }
    var place = [Int](repeating: 0, count: sizes.count)
    var source = 0
    var result: [Double] = []
    result.reserveCapacity(values.count)
    while result.count < values.count {
      result.append(values[source])
      for axis in sizes.indices.reversed() {
        place[axis] += 1
        source += steps[axis]
        if place[axis] < sizes[axis] { break }
        source -= steps[axis] * sizes[axis]
        place[axis] = 0
      }
    }
    return result
  }
}

extension ReduceSum: ReferenceReduction {
  /// The sum; 0 of no elements.
  package static func join(_ values: [Double]) -> Double { values.reduce(0, +) }
}

extension ReduceMean: ReferenceReduction {
  /// The mean; NaN of no elements.
  package static func join(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(values.count)
  }
}

extension ReduceMax: ReferenceReduction {
  /// The largest; −∞ of no elements, NaN if any is NaN.
  package static func join(_ values: [Double]) -> Double { values.reduce(-.infinity, larger) }
}

extension ArgMax: ReferenceEvaluable {
  /// The place of the largest element, the first of several, the first NaN if there is one.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) throws -> [ReferenceTensor] {
    let type = outputTypes[0]
    guard inputs[0].shape[axis] > 0 else {
      throw GraphError.shapeMismatch(
        operation: name, shapes: ["\(inputs[0].shape)"], reason: "axis \(axis) is empty")
    }
    let values = inputs[0].groups(along: [axis]).map { group in
      if let place = group.firstIndex(where: \.isNaN) { return Double(place) }
      return Double(group.indices.reduce(0) { group[$1] > group[$0] ? $1 : $0 })
    }
    return [ReferenceTensor(shape: type.shape, dtype: type.dtype, values: values)]
  }
}
