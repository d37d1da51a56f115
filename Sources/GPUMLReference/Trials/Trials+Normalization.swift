import GPUMLGraph

// Where a row's elements are all alike the gradient is as steep as 1 / √ε, and what remains of the
// terms that cancel says nothing about it: gradients are tried with a larger ε.

extension LayerNorm: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let (x, axis) = random.rows()
    let parameters = random.place.isMultiple(of: 4) ? 0 : random.int(0...2)
    let isSteep = random.bool()
    let norm = LayerNorm(axis: axis, epsilon: isSteep ? 1e-5 : 0.1)
    let trial = Trial(
      [x] + random.parameters(parameters, x, axis), note: norm.attributes.text
    ) { inputs in
      // What the rounding of the mean leaves is the device's own affair.
      let node = try Node(norm, inputs)
      return [0, 1, 3].map { node.output($0) }
    }.takingSpecialValues()
    // The mean of no elements is none.
    return isSteep || x.shape[axis...].contains(0) ? trial.withoutGradient() : trial
  }
}

extension RMSNorm: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let (x, axis) = random.rows(near: true)
    let parameters = random.place.isMultiple(of: 4) ? 0 : random.int(0...1)
    let isSteep = random.bool()
    let norm = RMSNorm(axis: axis, epsilon: isSteep ? 1e-5 : 0.1)
    let trial = Trial(norm, [x] + random.parameters(parameters, x, axis)).takingSpecialValues()
    return isSteep || x.shape[axis...].contains(0) ? trial.withoutGradient() : trial
  }
}

extension RowNormGradient: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let (x, axis) = random.rows(near: true)
    let isCentered = random.bool()
    let parameters = random.place.isMultiple(of: 4) ? 0 : random.int(0...1)
    return Trial(
      RowNormGradient(axis: axis, isCentered: isCentered),
      [x, random.real(x.shape)] + random.statistics(x, axis, isCentered)
        + random.parameters(parameters, x, axis)
      // Of the terms that cancel the largest is z·mean(h·z), with |z| ≤ 4 and |h| ≤ 6.
    ).tolerating(absolute: 96 * 0x1p-24)
  }
}

extension RowNormParameterGradient: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let (x, axis) = random.rows(near: true)
    let isCentered = random.bool()
    let rows = max(1, x.shape[..<axis].reduce(1, *))
    return Trial(
      RowNormParameterGradient(axis: axis, isCentered: isCentered),
      [x, random.real(x.shape)] + random.statistics(x, axis, isCentered)
      // Sums of terms of either sign, each up to 3·4, whose partial sums grow as a random walk does.
    ).tolerating(absolute: 12 * Double(rows).squareRoot() * 0x1p-23)
  }
}

extension TrialRandom {
  /// A tensor to be normalised, and from which axis on.
  ///
  /// - Parameter near: Whether all elements are near 0; else some tensors have a mean far from it.
  fileprivate mutating func rows(near: Bool = false) -> (x: Trial.Operand, axis: Int) {
    var shape = shape(ranks: 1...5)
    // Long enough now and then that a row takes several vectors.
    if place % 4 == 2 { shape = [size(), 17 * int(1...8)] }
    let far = !near && place % 7 == 3 && dtype == .float32
    return (far ? real(shape, 9997, 10003) : real(shape), axis(of: shape))
  }

  /// Scale and shift, in the type of x or in float32.
  fileprivate mutating func parameters(
    _ count: Int, _ x: Trial.Operand, _ axis: Int
  ) -> [Trial.Operand] {
    let dtype = bool() ? x.dtype : .float32
    let shape = Array(x.shape[axis...])
    return (0..<count).map { _ in Trial.Operand(shape, dtype, .real(low: -2, high: 2)) }
  }

  /// Numbers that stand for the mean, the rest of it, and the inverse deviation.
  fileprivate func statistics(
    _ x: Trial.Operand, _ axis: Int, _ isCentered: Bool
  ) -> [Trial.Operand] {
    let shape = Array(x.shape[..<axis])
    let mean = [
      Trial.Operand(shape, .float32, .real(low: -1, high: 1)),
      Trial.Operand(shape, .float32, .real(low: -0.001, high: 0.001)),
    ]
    return (isCentered ? mean : []) + [Trial.Operand(shape, .float32, .real(low: 0.3, high: 1))]
  }

  /// A tensor `[batch, channels, ...]`.
  fileprivate mutating func channels() -> [Int] {
    let further = shape(ranks: 0...3)
    return [min(size(), 7), min(size(orEmpty: false), 17)] + further.map { min($0, 3) }
  }
}

extension TrialTable {
  static let normalizations: [TrialSubject] = [
    TrialSubject("group_norm", "groups of channels with mean 0 and variance 1") { random in
      var shape = random.channels()
      let groups = random.int(1...3)
      shape[1] = min(shape[1], 6) * groups
      let parameters = random.int(0...2)
      // Not repeated: of elements all alike only the rounding of the gradient would be left.
      let x = Trial.Operand(shape, random.dtype, .distinct)
      return Trial(
        [x] + (0..<parameters).map { _ in random.real([shape[1]]) }, note: "\(groups) groups"
      ) { inputs in
        [
          try inputs[0].groupNorm(
            groups: groups, gamma: parameters > 0 ? inputs[1] : nil,
            beta: parameters > 1 ? inputs[2] : nil, epsilon: 0.1)
        ]
      }
    },
    TrialSubject("batch_norm", "channels with mean 0 and variance 1 over a batch") { random in
      let shape = random.channels()
      let parameters = random.int(0...2)
      let far = random.place % 7 == 4 && random.dtype == .float32
      let x = far ? random.real(shape, 9997, 10003) : random.real(shape)
      // The mean of no elements has no difference, and that of large ones only a coarse one.
      let isSmooth = !far && !shape.contains(0)
      let trial = Trial([x] + (0..<parameters).map { _ in random.real([shape[1]]) }) { inputs in
        let batch = try inputs[0].batchNorm(
          gamma: parameters > 0 ? inputs[1] : nil, beta: parameters > 1 ? inputs[2] : nil,
          epsilon: 0.1)
        return [batch.output, batch.mean, batch.variance]
      }
      return isSmooth ? trial : trial.withoutGradient()
    },
    TrialSubject("batch_norm_inference", "channels with given statistics taken off") { random in
      let shape = random.channels()
      let channel = [shape[1]]
      let hasParameters = random.bool()
      let parameters = [random.real(channel), random.real(channel)]
      return Trial(
        [random.real(shape), random.real(channel), random.real(channel, 0.1, 2)]
          + (hasParameters ? parameters : [])
      ) { inputs in
        [
          try inputs[0].batchNorm(
            mean: inputs[1], variance: inputs[2], gamma: hasParameters ? inputs[3] : nil,
            beta: hasParameters ? inputs[4] : nil)
        ]
      }
    },
    TrialSubject(
      "batch_norm_statistics", "running statistics moved toward those of a batch",
      isDifferentiable: false
    ) { random in
      let shape = random.channels()
      let momentum = random.bool() ? 0.1 : 1
      return Trial([random.real(shape)], note: "momentum \(momentum)") { inputs in
        let running = try RunningStatistics(channels: shape[1])
        let batch = try inputs[0].batchNorm()
        let inference = try inputs[0].batchNorm(using: running)
        return (
          try running.updates(with: batch, momentum: momentum), [batch.output, inference]
        )
      } from: { _ in
        .real(low: 0.5, high: 2)
      }
    },
  ]
}
