import GPUMLGraph

extension Sort: ReferenceEvaluable {
  /// Line by line; stable.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    inputs[0].ordered(
      along: axis, descending: isDescending, count: inputs[0].shape[axis], outputTypes)
  }
}

extension TopK: ReferenceEvaluable {
  /// The beginning of each line in order.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) throws -> [ReferenceTensor] {
    try check(size: inputs[0].shape[axis])
    return inputs[0].ordered(along: axis, descending: takesLargest, count: k, outputTypes)
  }
}

extension SortGradient: ReferenceEvaluable {
  /// Each element put back; 0 elsewhere.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let type = outputTypes[0]
    let size = type.shape[axis]
    let gradients = inputs[0].groups(along: [axis])
    let places = inputs[1].groups(along: [axis])
    let lines = zip(gradients, places).map { gradients, places in
      var line = [Double](repeating: 0, count: size)
      for (gradient, place) in zip(gradients, places) where place >= 0 && place < Double(size) {
        line[Int(place)] = gradient
      }
      return line
    }
    return [ReferenceTensor(lines: lines, axis: axis, shape: type.shape, dtype: type.dtype)]
  }
}

extension ReferenceTensor {
  /// The first elements of each line in order, and their places; NaN comes last.
  fileprivate func ordered(
    along axis: Int, descending: Bool, count: Int, _ types: [(shape: [Int], dtype: DType)]
  ) -> [ReferenceTensor] {
    func isAhead(_ left: Double, _ right: Double) -> Bool {
      if left.isNaN || right.isNaN { return right.isNaN && !left.isNaN }
      return descending ? left > right : left < right
    }
    let lines = groups(along: [axis])
    // Places break ties, so that any sort is stable.
    let places = lines.map { line in
      Array(
        line.indices.sorted { left, right in
          if isAhead(line[left], line[right]) { return true }
          return !isAhead(line[right], line[left]) && left < right
        }.prefix(count))
    }
    let values = zip(lines, places).map { line, places in places.map { line[$0] } }
    return [
      ReferenceTensor(lines: values, axis: axis, shape: types[0].shape, dtype: types[0].dtype),
      ReferenceTensor(
        lines: places.map { $0.map(Double.init) }, axis: axis, shape: types[1].shape,
        dtype: types[1].dtype),
    ]
  }
}
