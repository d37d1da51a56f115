import GPUMLGraph

/// A primitive that joins all elements along some axes.
package protocol ReferenceReduction: ReductionPrimitive, ReferenceEvaluable {
  /// The elements of one group joined.
  func join(_ values: [Double]) -> Double
  /// Whole numbers of one group joined, wrapping around; nil where `join` is exact.
  func join(integers: [Int64]) -> Int64?
}

extension ReferenceReduction {
  /// `join` serves integers too.
  package func join(integers: [Int64]) -> Int64? { nil }

  /// Group by group.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let type = outputTypes[0]
    let values = inputs[0].groups(along: axes).map { group in
      if type.dtype.isInteger, let whole = join(integers: group.map { HostTensor.clamped($0) }) {
        return Double(whole)
      }
      // The extremes of no integers are those of their type.
      return type.dtype.cast(join(group))
    }
    return [ReferenceTensor(shape: type.shape, dtype: type.dtype, values: values)]
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
  package func join(_ values: [Double]) -> Double { values.reduce(0, +) }
  /// The sum.
  package func join(integers: [Int64]) -> Int64? { integers.reduce(0, &+) }
}

extension ReduceMean: ReferenceReduction {
  /// The mean; NaN of no elements.
  package func join(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
}

extension ReduceMax: ReferenceReduction {
  /// The largest; −∞ of no elements, NaN if any is NaN.
  package func join(_ values: [Double]) -> Double { values.reduce(-.infinity, larger) }
}

extension ReduceMin: ReferenceReduction {
  /// The smallest; ∞ of no elements, NaN if any is NaN.
  package func join(_ values: [Double]) -> Double {
    values.reduce(.infinity) { $0.isNaN || $0 <= $1 ? $0 : $1 }
  }
}

extension ReduceProduct: ReferenceReduction {
  /// The product; 1 of no elements.
  package func join(_ values: [Double]) -> Double { values.reduce(1, *) }
  /// The product.
  package func join(integers: [Int64]) -> Int64? { integers.reduce(1, &*) }
}

extension L1Norm: ReferenceReduction {
  /// The sum of magnitudes.
  package func join(_ values: [Double]) -> Double { values.reduce(0) { $0 + abs($1) } }
}

extension SumOfSquares: ReferenceReduction {
  /// The sum of squares.
  package func join(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 } }
}

extension L2Norm: ReferenceReduction {
  /// The root of the sum of squares.
  package func join(_ values: [Double]) -> Double {
    values.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }
}

extension LogSumExp: ReferenceReduction {
  /// From the largest on; an infinite largest is the result.
  package func join(_ values: [Double]) -> Double {
    let largest = values.reduce(-.infinity, larger)
    if largest.isInfinite { return largest }
    return largest + logarithm(values.reduce(0) { $0 + Double.exponential($1 - largest) })
  }
}

extension DeviationPrimitive {
  /// The variance in two passes.
  fileprivate func variance(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return values.isEmpty ? .nan : squares / Double(values.count - correction)
  }
}

extension Variance: ReferenceReduction {
  /// The variance.
  package func join(_ values: [Double]) -> Double { variance(values) }
}

extension StandardDeviation: ReferenceReduction {
  /// The root of the variance.
  package func join(_ values: [Double]) -> Double { variance(values).squareRoot() }
}

extension ReduceAny: ReferenceReduction {
  /// Whether one is true.
  package func join(_ values: [Double]) -> Double { values.contains { $0 != 0 } ? 1 : 0 }
}

extension ReduceAll: ReferenceReduction {
  /// Whether none is false.
  package func join(_ values: [Double]) -> Double { values.contains(0) ? 0 : 1 }
}

/// A primitive that finds where an extreme element stands.
package protocol ReferenceArgument: ArgumentPrimitive, ReferenceEvaluable {
  /// Whether an element comes before another in the search for the extreme one.
  static func isBetter(_ value: Double, than other: Double) -> Bool
}

extension ReferenceArgument {
  /// The first of equals, and the first NaN before all; an empty axis is an error.
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
      return Double(group.indices.reduce(0) { Self.isBetter(group[$1], than: group[$0]) ? $1 : $0 })
    }
    return [ReferenceTensor(shape: type.shape, dtype: type.dtype, values: values)]
  }
}

extension ArgMax: ReferenceArgument {
  /// Whether it is larger.
  package static func isBetter(_ value: Double, than other: Double) -> Bool { value > other }
}

extension ArgMin: ReferenceArgument {
  /// Whether it is smaller.
  package static func isBetter(_ value: Double, than other: Double) -> Bool { value < other }
}
