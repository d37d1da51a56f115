import GPUMLGraph

extension Pad: ReferenceEvaluable {
  /// The elements that the mode names.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) throws -> [ReferenceTensor] {
    let type = outputTypes[0]
    try mode.check(inputs[0].shape, padded: type.shape, operation: name)
    let indices = try mode.indices(
      inputs[0].shape, padded: type.shape, before: before, state.sources.symbols)
    let values = inputs[0].gathered(indices, outside: type.dtype.cast(value))
    return [ReferenceTensor(shape: type.shape, dtype: type.dtype, values: values)]
  }
}

extension PadGradient: ReferenceEvaluable {
  /// The elements added where they came from.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) throws -> [ReferenceTensor] {
    let type = outputTypes[0]
    try mode.check(type.shape, padded: inputs[0].shape, operation: name)
    let indices = try mode.indices(
      type.shape, padded: inputs[0].shape, before: before, state.sources.symbols)
    let values = inputs[0].scattered(indices, within: type.shape)
    return [ReferenceTensor(shape: type.shape, dtype: type.dtype, values: values)]
  }
}

extension Pad.Mode {
  /// For each place along each padded axis the index before the padding; nil where there is none.
  fileprivate func indices(
    _ sizes: [Int], padded: [Int], before: [Dim], _ symbols: [String: Int]
  ) throws -> [[Int?]] {
    try sizes.indices.map { axis in
      let first = try before[axis].signedValue(symbols)
      return (0..<padded[axis]).map { index($0, size: sizes[axis], before: first) }
    }
  }

  private func index(_ place: Int, size: Int, before: Int) -> Int? {
    let (index, overflow) = place.subtractingReportingOverflow(before)
    if self == .constant { return !overflow && (0..<size).contains(index) ? index : nil }
    if self == .edge { return overflow ? size - 1 : max(0, min(size - 1, index)) }
    // Where the elements come again, mirrored or not.
    let period = self == .wrap ? size : max(1, 2 * (size - 1))
    let shifted = (place % period - before % period) % period
    let within = shifted < 0 ? shifted + period : shifted
    return within < size ? within : period - within
  }
}
