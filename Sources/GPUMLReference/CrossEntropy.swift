import GPUMLGraph

extension CrossEntropy: ReferenceEvaluable {
  /// Line by line; an ignored label counts for nothing, another one out of range gives NaN.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let weights = inputs[2].values
    let lines = inputs[0].groups(along: [1])
    let results = zip(lines, inputs[1].values).map { line, label -> (Double, Double) in
      if label == ignored { return (0, 0) }
      guard label >= 0, label < Double(line.count) else { return (.nan, .nan) }
      let costs = logSoftmax(line).map { -$0 }
      let weight = weights[Int(label)]
      var loss = (1 - labelSmoothing) * weight * costs[Int(label)]
      if labelSmoothing > 0 {
        let spread = zip(weights, costs).reduce(0) { $0 + $1.0 * $1.1 }
        loss += labelSmoothing / Double(line.count) * spread
      }
      return (loss, weight)
    }
    return [results.map(\.0), results.map(\.1)].enumerated().map { place, values in
      let type = outputTypes[place]
      return ReferenceTensor(shape: type.shape, dtype: type.dtype, values: values)
    }
  }
}

extension CrossEntropyGradient: ReferenceEvaluable {
  /// For each line the derivative by each logit times the upstream gradient.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let weights = inputs[2].values
    let total = labelSmoothing > 0 ? weights.reduce(0, +) : 0
    let lines = inputs[0].groups(along: [1]).enumerated().map { place, line in
      derivatives(of: line, label: inputs[1].values[place]) { label in
        let share = labelSmoothing / Double(line.count)
        let own = (1 - labelSmoothing) * weights[label]
        let upstream = inputs[3].values[place]
        return softmax(line).enumerated().map { column, probability in
          // An infinite weight must not make NaN of a share of nothing.
          let spread = share > 0 ? share * weights[column] : 0
          let target = spread + (column == label ? own : 0)
          return (probability * (own + share * total) - target) * upstream
        }
      }
    }
    return [ReferenceTensor(lines: lines, along: 1, of: inputs[0])]
  }
}

extension CrossEntropyWeightGradient: ReferenceEvaluable {
  /// For each line the derivative by each weight, of the loss and of the weight given to it.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let lines = inputs[0].groups(along: [1]).enumerated().map { place, line in
      derivatives(of: line, label: inputs[1].values[place]) { label in
        let share = labelSmoothing / Double(line.count)
        let (upstream, kept) = (inputs[3].values[place], inputs[4].values[place])
        return logSoftmax(line).enumerated().map { column, logarithm in
          let factor = share + (column == label ? 1 - labelSmoothing : 0)
          let term = factor == 0 ? 0 : -logarithm * factor * upstream
          return term + (column == label ? kept : 0)
        }
      }
    }
    return [ReferenceTensor(lines: lines, along: 1, of: inputs[0])]
  }
}

extension CrossEntropyPrimitive {
  fileprivate var ignored: Double? { ignoredLabel.map { Double($0) } }

  /// The derivatives for a label in range; zeros for an ignored one, NaN for others.
  fileprivate func derivatives(
    of line: [Double], label: Double, _ valid: (Int) -> [Double]
  ) -> [Double] {
    if label == ignored { return line.map { _ in 0 } }
    guard label >= 0, label < Double(line.count) else { return line.map { _ in .nan } }
    return valid(Int(label))
  }
}
