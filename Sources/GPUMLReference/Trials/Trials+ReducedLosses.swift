import GPUMLGraph

extension TrialTable {
  package static let losses: [TrialSubject] = crossEntropies + differences + probabilityLosses

  /// A loss of two operands of one shape, with every reduction.
  private static func loss(
    _ name: String, _ summary: String, reach: ClosedRange<Double> = -3...3,
    target: Trial.Values = .real(low: -3, high: 3), isSpecial: Bool = true,
    build: @escaping @Sendable (Tensor, Tensor, LossReduction, Int) throws -> Tensor
  ) -> TrialSubject {
    TrialSubject(name, summary) { random in
      let shape = random.shape()
      let reduction = random.pick(LossReduction.allCases, or: .mean)
      let variant = random.int(0...3)
      let trial = Trial(
        [
          random.real(shape, reach.lowerBound, reach.upperBound),
          Trial.Operand(shape, random.dtype, target),
        ], note: "\(reduction), \(variant)"
      ) { [try build($0[0], $0[1], reduction, variant)] }.overElements(shape)
      // Infinities of both signs, or NaN, make the sum what it is; only elements tell them apart.
      return isSpecial && reduction == .none ? trial.takingSpecialValues() : trial
    }
  }

  private static let differences: [TrialSubject] = [
    loss("squared_error", "(x − target)², reduced") { x, target, reduction, _ in
      try x.squaredError(target: target, reduction: reduction)
    },
    loss("absolute_error", "the magnitude of x − target, reduced") { x, target, reduction, _ in
      try x.absoluteError(target: target, reduction: reduction)
    },
    loss("huber_loss", "squared near the target, linear beyond δ, reduced") {
      try $0.huberLoss(target: $1, delta: [1, 0.5, 2, 10][$3], reduction: $2)
    },
    loss("smooth_absolute_error", "absolute, squared near the target, reduced") {
      try $0.smoothAbsoluteError(target: $1, beta: [1, 0.5, 2, 0][$3], reduction: $2)
    },
    loss("hinge_loss", "max(0, margin − target·x), reduced") {
      try $0.hingeLoss(target: $1, margin: [1, 0.5, 2, 0.25][$3], reduction: $2)
    },
    TrialSubject("cosine_similarity", "the cosine of the angle between vectors along an axis") {
      random in
      let full = random.shape(ranks: 1...5)
      let axis = random.axis(of: full) - (random.bool() ? full.count : 0)
      let other = random.stretching(to: full)
      let terms = full[axis < 0 ? axis + full.count : axis]
      // Of either sign, but no norm so small that its gradient drowns in rounding.
      let signed = (0..<(HostTensor.elementCount(of: full) ?? 0)).map { _ in
        Double(random.int(16...96)) / (random.bool() ? 32 : -32)
      }
      return Trial(
        [Trial.Operand(full, random.dtype, .given(signed)), random.real(other, 0.5, 3)],
        note: "axis \(axis)"
      ) {
        [try $0[0].cosineSimilarity($0[1], axis: axis)]
      }.tolerating(terms: terms)
    },
  ]

  private static let probabilityLosses: [TrialSubject] = [
    TrialSubject("binary_cross_entropy", "binary cross-entropy of logits, reduced") { random in
      let shape = random.shape()
      let reduction = random.pick(LossReduction.allCases, or: .mean)
      let (weighted, positive) = (random.bool(), random.bool())
      let weights = (0..<2).map { _ in random.real(random.stretching(to: shape), 0.25, 2) }
      let operands = [random.real(shape, -20, 20), random.real(shape, 0, 1)] + weights
      return Trial(operands, note: "\(reduction), \(weighted), \(positive)") {
        [
          try $0[0].binaryCrossEntropy(
            target: $0[1], weights: weighted ? $0[2] : nil,
            positiveWeights: positive ? $0[3] : nil, reduction: reduction)
        ]
      }.overElements(shape)
    },
    loss(
      "kl_divergence", "t·(ln t − x) of the logarithms of probabilities, reduced",
      // Below every logarithm of a target, so that terms of a sum do not cancel.
      reach: -9 ... -3.1, target: .real(low: 0.05, high: 1), isSpecial: false
    ) {
      try $0.klDivergence(target: $1, isTargetLogarithmic: $3 == 0, reduction: $2)
    },
    TrialSubject(
      "kl_divergence_of_certainties", "t·(ln t − x) where most targets are 0",
      isDifferentiable: false
    ) { random in
      let shape = random.shape()
      return Trial([random.real(shape), Trial.Operand(shape, random.dtype, .integers(0...1))]) {
        [try $0[0].klDivergence(target: $0[1], reduction: .none)]
      }.takingSpecialValues()
    },
  ]
}
