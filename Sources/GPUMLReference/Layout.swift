import GPUMLGraph

extension StridedSlice: ReferenceEvaluable {
  /// The elements at the places.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) throws -> [ReferenceTensor] {
    let type = outputTypes[0]
    let axes = try places.values(
      type.shape, within: inputs[0].shape, symbols: state.sources.symbols, operation: name)
    let values = inputs[0].gathered(axes.map(\.indices))
    return [ReferenceTensor(shape: type.shape, dtype: type.dtype, values: values)]
  }
}

extension StridedPlacement: ReferenceEvaluable {
  /// The elements put at the places.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) throws -> [ReferenceTensor] {
    let type = outputTypes[0]
    let axes = try places.values(
      inputs[0].shape, within: type.shape, symbols: state.sources.symbols, operation: name)
    let values = inputs[0].scattered(axes.map(\.indices), within: type.shape)
    return [ReferenceTensor(shape: type.shape, dtype: type.dtype, values: values)]
  }
}

extension StridedPlaces.Axis {
  /// The places in order.
  fileprivate var indices: [Int?] { (0..<size).map { start + $0 * step } }
}

extension Concatenate: ReferenceEvaluable {
  /// A block of each operand in turn.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let type = outputTypes[0]
    var values: [Double] = []
    for block in 0..<type.shape[..<axis].reduce(1, *) {
      for input in inputs {
        let size = input.shape[axis...].reduce(1, *)
        values += input.values[(block * size)..<((block + 1) * size)]
      }
    }
    return [ReferenceTensor(shape: type.shape, dtype: type.dtype, values: values)]
  }
}

extension Triangle: ReferenceEvaluable {
  /// The elements on one side of the diagonal, 0 on the other.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let type = outputTypes[0]
    let (rows, columns) = (type.shape[type.shape.count - 2], type.shape[type.shape.count - 1])
    let offset = offset(rows: rows, columns: columns)
    let values = inputs[0].values.enumerated().map { place, value in
      let (row, column) = (place / columns % rows, place % columns)
      return (isUpper ? column >= row + offset : column <= row + offset) ? value : 0
    }
    return [ReferenceTensor(shape: type.shape, dtype: type.dtype, values: values)]
  }
}

extension NumberRange: ReferenceEvaluable {
  /// start + i·step; whole numbers wrap around.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let type = outputTypes[0]
    let values = (0..<type.shape[0]).map { place in
      dtype.isFloating
        ? start + Double(place) * step
        : dtype.wrapped(Int64(start) &+ Int64(place) &* Int64(step))
    }
    return [ReferenceTensor(shape: type.shape, dtype: dtype, values: values)]
  }
}

extension ReferenceTensor {
  /// The elements that an index for each place along each axis names; 0, or another number, where
  /// an index is nil.
  func gathered(_ indices: [[Int?]], outside: Double = 0) -> [Double] {
    ReferenceTensor.offsets(indices, within: shape).map { $0.map { values[$0] } ?? outside }
  }

  /// A tensor to whose elements, 0 at first, this one's are added where the indices say.
  func scattered(_ indices: [[Int?]], within target: [Int]) -> [Double] {
    var result = [Double](repeating: 0, count: HostTensor.elementCount(of: target) ?? 0)
    for (value, offset) in zip(values, ReferenceTensor.offsets(indices, within: target)) {
      // A zero keeps its sign where nothing is added to it.
      if let offset { result[offset] = result[offset] == 0 ? value : result[offset] + value }
    }
    return result
  }

  /// The places in memory of every combination of indices, the last axis fastest.
  private static func offsets(_ indices: [[Int?]], within shape: [Int]) -> [Int?] {
    zip(indices, shape).reduce([0]) { offsets, axis in
      offsets.flatMap { offset in
        axis.0.map { index in
          guard let offset, let index else { return nil }
          return offset * axis.1 + index
        }
      }
    }
  }
}
