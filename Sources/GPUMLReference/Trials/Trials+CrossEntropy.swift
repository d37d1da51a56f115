import GPUMLGraph

/// Operands of a weighted cross-entropy.
private struct CrossEntropyTrial {
  let shape: [Int]
  let smoothing: Double
  let ignored: Int?
  let labels: [Int]

  /// Logits `[batch, classes, …]`, of which the first label is not ignored.
  init(_ random: inout TrialRandom, ranks: ClosedRange<Int> = 2...4) {
    var shape = random.shape(ranks: ranks)
    let axis = min(1, shape.count - 1)
    shape[axis] = max(1, shape[axis])
    self.shape = shape
    smoothing = random.pick([0, 0, 0.1, 1], or: 0)
    let classes = shape[axis]
    let ignored = random.pick([nil, -100, -1, 0], or: nil)
    // Without another class all labels would be ignored.
    self.ignored = ignored == 0 && classes == 1 ? nil : ignored
    let count = shape.enumerated().reduce(1) { $1.offset == axis ? $0 : $0 * $1.element }
    var labels = (0..<count).map { _ in random.int(0...(classes - 1)) }
    if let ignored = self.ignored, count > 0 {
      labels[0] = classes - 1
      for place in labels.indices.dropFirst() where random.int(0...2) == 0 {
        labels[place] = ignored
      }
    }
    self.labels = labels
  }

  var lines: [Int] { shape.enumerated().filter { $0.offset != classAxis }.map(\.element) }
  var classAxis: Int { min(1, shape.count - 1) }
  var classes: Int { shape[classAxis] }

  func labels(_ dtype: DType = .int32) -> Trial.Operand {
    Trial.Operand(lines, dtype, .given(labels.map { Double($0) }))
  }
}

extension CrossEntropy: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let drawn = CrossEntropyTrial(&random)
    // An infinite weight of a cost near 0 is infinite or NaN by the last bit of the cost.
    let operands = [
      random.real(drawn.shape, -20, 20), drawn.labels(),
      random.real([drawn.classes], 0.25, 2).plain(),
    ]
    let primitive = try CrossEntropy(
      labelSmoothing: drawn.smoothing, ignoredLabel: drawn.ignored)
    if random.int(0...3) > 0 { return Trial(primitive, operands) }
    // Labels of which some are out of range.
    let labels = Trial.Operand(drawn.lines, .int32, .integers(-2...(drawn.classes + 1)))
    let trial = Trial(primitive, [operands[0], labels, operands[2]]).withoutGradient()
    // Costs of extreme size and either sign cancel where they are added up.
    return drawn.smoothing == 0 ? trial.takingSpecialValues() : trial
  }
}

extension CrossEntropyGradient: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let drawn = CrossEntropyTrial(&random)
    let reach = random.pick([20, 1e4], or: 20)
    let forward = try CrossEntropy(labelSmoothing: drawn.smoothing, ignoredLabel: drawn.ignored)
    return Trial(
      CrossEntropyGradient(forward),
      [
        random.real(drawn.shape, -reach, reach),
        Trial.Operand(drawn.lines, .int32, .integers(-2...(drawn.classes + 1))),
        random.real([drawn.classes], 0.25, 2), random.real(drawn.lines),
      ])
  }
}

extension CrossEntropyWeightGradient: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let drawn = CrossEntropyTrial(&random)
    let reach = random.pick([20, 1e4], or: 20)
    let forward = try CrossEntropy(labelSmoothing: drawn.smoothing, ignoredLabel: drawn.ignored)
    return Trial(
      CrossEntropyWeightGradient(forward),
      [
        random.real(drawn.shape, -reach, reach),
        Trial.Operand(drawn.lines, .int32, .integers(-2...(drawn.classes + 1))),
        random.real([drawn.classes], 0.25, 2), random.real(drawn.lines), random.real(drawn.lines),
      ])
  }
}

extension TrialTable {
  package static let crossEntropies: [TrialSubject] = [
    TrialSubject("cross_entropy_loss", "cross-entropy of logits with class indices, reduced") {
      random in
      let drawn = CrossEntropyTrial(&random, ranks: 1...4)
      let reduction = random.pick(LossReduction.allCases, or: .mean)
      let labels = drawn.labels(random.pick([.int32, .int64], or: .int32))
      let isWeighted = random.bool()
      var operands = [random.real(drawn.shape, -20, 20), labels]
      if isWeighted { operands.append(random.real([drawn.classes], 0.25, 2)) }
      return Trial(
        operands,
        note:
          "\(reduction), \(drawn.smoothing), ignoring \(drawn.ignored.map(String.init) ?? "none")"
      ) {
        [
          try $0[0].crossEntropy(
            labels: $0[1], weights: isWeighted ? $0[2] : nil, labelSmoothing: drawn.smoothing,
            ignoring: drawn.ignored, reduction: reduction)
        ]
      }.overElements(drawn.shape)
    },
    TrialSubject("cross_entropy_of_distributions", "cross-entropy with distributions, reduced") {
      random in
      let drawn = CrossEntropyTrial(&random, ranks: 1...4)
      let reduction = random.pick(LossReduction.allCases, or: .mean)
      let isWeighted = random.bool()
      var operands = [random.real(drawn.shape, -20, 20), random.real(drawn.shape, 0, 1)]
      if isWeighted { operands.append(random.real([drawn.classes], 0.25, 2)) }
      return Trial(operands, note: "\(reduction), \(drawn.smoothing)") {
        [
          try $0[0].crossEntropy(
            probabilities: $0[1], weights: isWeighted ? $0[2] : nil,
            labelSmoothing: drawn.smoothing, reduction: reduction)
        ]
      }.overElements(drawn.shape)
    },
  ]
}

extension Trial {
  /// A loss of elements of a shape: the mean of none has no finite difference.
  package func overElements(_ shape: [Int]) -> Trial {
    shape.contains(0) ? withoutGradient() : self
  }
}
