import GPUMLGraph

extension LayerNorm: ReferenceEvaluable {
  /// Row by row; the mean is exact, so nothing is left of it.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let rows = Rows(inputs[0], axis: axis)
    let gamma = inputs.count > 1 ? inputs[1].values : nil
    let beta = inputs.count > 2 ? inputs[2].values : nil
    var (result, means, variances) = ([Double](), [Double](), [Double]())
    for row in rows.all {
      let mean = row.reduce(0, +) / Double(rows.size)
      let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rows.size)
      let deviation = (variance + epsilon).squareRoot()
      result += row.enumerated().map { place, x in
        (x - mean) / deviation * (gamma?[place] ?? 1) + (beta?[place] ?? 0)
      }
      means.append(mean)
      variances.append(variance)
    }
    let rests = [Double](repeating: 0, count: means.count)
    return zip(outputTypes, [result, means, rests, variances]).map { type, values in
      ReferenceTensor(shape: type.shape, dtype: type.dtype, values: values)
    }
  }
}

extension RMSNorm: ReferenceEvaluable {
  /// Row by row.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let rows = Rows(inputs[0], axis: axis)
    let gamma = inputs.count > 1 ? inputs[1].values : nil
    var (result, squares) = ([Double](), [Double]())
    for row in rows.all {
      let square = row.reduce(0) { $0 + $1 * $1 } / Double(rows.size)
      let root = (square + epsilon).squareRoot()
      result += row.enumerated().map { place, x in x / root * (gamma?[place] ?? 1) }
      squares.append(square)
    }
    return zip(outputTypes, [result, squares]).map { type, values in
      ReferenceTensor(shape: type.shape, dtype: type.dtype, values: values)
    }
  }
}

extension RowNormGradient: ReferenceEvaluable {
  /// (h − mean h − x̂ · mean (h·x̂)) · inverse deviation; without centering mean h is left out.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let operands = NormOperands(inputs, axis: axis, isCentered: isCentered)
    let gamma = inputs.count > operands.count ? inputs[operands.count].values : nil
    let size = Double(operands.rows.size)
    let values = operands.rows.all.indices.flatMap { row in
      let normal = operands.normal(row)
      let scaled = operands.gradient(row).enumerated().map { $1 * (gamma?[$0] ?? 1) }
      let mean = isCentered ? scaled.reduce(0, +) / size : 0
      let product = zip(scaled, normal).reduce(0) { $0 + $1.0 * $1.1 } / size
      return zip(scaled, normal).map { ($0 - mean - $1 * product) * operands.inverse(row) }
    }
    let type = outputTypes[0]
    return [ReferenceTensor(shape: type.shape, dtype: type.dtype, values: values)]
  }
}

extension RowNormParameterGradient: ReferenceEvaluable {
  /// Sums of g · x̂ and of g over the rows.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let operands = NormOperands(inputs, axis: axis, isCentered: isCentered)
    var scale = [Double](repeating: 0, count: operands.rows.size)
    var shift = scale
    for row in operands.rows.all.indices {
      let (gradient, normal) = (operands.gradient(row), operands.normal(row))
      for place in scale.indices {
        scale[place] += gradient[place] * normal[place]
        shift[place] += gradient[place]
      }
    }
    return zip(outputTypes, [scale, shift]).map { type, values in
      ReferenceTensor(shape: type.shape, dtype: type.dtype, values: values)
    }
  }
}

/// A tensor cut into rows from an axis on.
private struct Rows {
  let size: Int
  let all: [ArraySlice<Double>]

  init(_ tensor: ReferenceTensor, axis: Int) {
    let size = tensor.shape[axis...].reduce(1, *)
    let count = tensor.shape[..<axis].reduce(1, *)
    self.size = size
    all = (0..<count).map { tensor.values[($0 * size)..<(($0 + 1) * size)] }
  }
}

/// The operands of a normalisation's gradient.
private struct NormOperands {
  let rows: Rows
  private let gradients: Rows
  private let statistics: [[Double]]
  /// How many operands there are before gamma.
  let count: Int

  init(_ inputs: [ReferenceTensor], axis: Int, isCentered: Bool) {
    rows = Rows(inputs[0], axis: axis)
    gradients = Rows(inputs[1], axis: axis)
    count = isCentered ? 5 : 3
    statistics = inputs[2..<count].map(\.values)
  }

  func gradient(_ row: Int) -> [Double] { Array(gradients.all[row]) }

  func inverse(_ row: Int) -> Double { statistics[statistics.count - 1][row] }

  /// The normalised row.
  func normal(_ row: Int) -> [Double] {
    let mean = statistics.count > 1 ? statistics[0][row] + statistics[1][row] : 0
    return rows.all[row].map { ($0 - mean) * inverse(row) }
  }
}
