import GPUMLGraph

/// An optimizer's update that is tried on a few parameters of odd sizes.
package protocol UpdateTrialled: UpdatePrimitive, Trialled {
  /// An update with random constants.
  static func drawn(_ random: inout TrialRandom) throws -> Self
  /// What a slot may hold.
  static func values(ofSlot kind: String) -> Trial.Values
}

extension UpdateTrialled {
  /// Averages of squares are not negative.
  package static func values(ofSlot kind: String) -> Trial.Values {
    let isSquare = ["second_moment", "square_average", "square_sum"].contains(kind)
    return isSquare ? .real(low: 0.5, high: 2) : .real(low: -0.5, high: 0.5)
  }

  /// Several parameters in one node, now and then with a scale of the gradients.
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let update = try drawn(&random)
    let shapes = random.parameterShapes()
    let hasScale = random.place % 3 == 1
    let scale = Trial.Operand([], .float32, .real(low: 0.1, high: 1))
    return Trial(
      shapes.map { random.real($0) } + (hasScale ? [scale] : []), note: update.attributes.text
    ) { inputs in
      let parameters = try shapes.map { try Variable(shape: $0) }
      let gradients = Array(inputs[..<shapes.count])
      return (
        try update.updates(
          parameters, gradients: gradients, scale: hasScale ? inputs[shapes.count] : nil), []
      )
    } from: { variable in
      if case .slot(let kind) = variable.role { return values(ofSlot: kind) }
      return .real(low: -2, high: 2)
    }
  }
}

extension TrialRandom {
  /// The shapes of some parameters; one of them may be empty.
  fileprivate mutating func parameterShapes() -> [[Int]] {
    (0..<int(1...4)).map { _ in shape(ranks: 0...3) }
  }

  /// A weight decay, often none.
  fileprivate mutating func decay() -> Double { pick([0, 0, 0.1], or: 0) }

  /// What keeps a divisor from 0: the usual tiny number, or one that shows.
  fileprivate mutating func epsilon() -> Double { pick([1e-8, 0.1], or: 1e-8) }
}

extension SGDUpdate: UpdateTrialled {
  package static func drawn(_ random: inout TrialRandom) throws -> SGDUpdate {
    try SGDUpdate(
      momentum: random.pick([0, 0.5, 0.9], or: 0), nesterov: random.bool(),
      weightDecay: random.decay())
  }
}

extension AdamUpdate: UpdateTrialled {
  package static func drawn(_ random: inout TrialRandom) throws -> AdamUpdate {
    try AdamUpdate(
      beta1: random.pick([0, 0.9], or: 0.9), beta2: random.pick([0.9, 0.999], or: 0.999),
      epsilon: random.epsilon(), weightDecay: random.decay(), decoupled: random.bool())
  }
}

extension RMSPropUpdate: UpdateTrialled {
  package static func drawn(_ random: inout TrialRandom) throws -> RMSPropUpdate {
    try RMSPropUpdate(
      alpha: random.pick([0.9, 0.99], or: 0.9), epsilon: random.epsilon(),
      momentum: random.pick([0, 0.9], or: 0),
      weightDecay: random.decay(), isCentered: random.bool())
  }
}

extension AdagradUpdate: UpdateTrialled {
  package static func drawn(_ random: inout TrialRandom) throws -> AdagradUpdate {
    try AdagradUpdate(
      learningRateDecay: random.pick([0, 0.1], or: 0), epsilon: random.epsilon(),
      weightDecay: random.decay(),
      initialAccumulator: 0.1)
  }
}

extension LionUpdate: UpdateTrialled {
  package static func drawn(_ random: inout TrialRandom) throws -> LionUpdate {
    try LionUpdate(
      beta1: random.pick([0, 0.9], or: 0.9), beta2: random.pick([0.9, 0.99], or: 0.99),
      weightDecay: random.decay())
  }
}

extension LAMBUpdate: UpdateTrialled {
  package static func drawn(_ random: inout TrialRandom) throws -> LAMBUpdate {
    try LAMBUpdate(
      beta1: random.pick([0, 0.9], or: 0.9), beta2: random.pick([0.9, 0.999], or: 0.999),
      epsilon: random.epsilon(), weightDecay: random.decay())
  }
}

extension EMAUpdate: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let average = try EMAUpdate(decay: random.pick([0.5, 0.999], or: 0.9))
    let shapes = random.parameterShapes()
    // Two optimizers, so that averages gather what several updates give.
    let first = random.int(0...shapes.count)
    return Trial(shapes.map { random.real($0) }, note: average.attributes.text) { inputs in
      let parameters = try shapes.map { try Variable(shape: $0) }
      let updates =
        try SGDUpdate().updates(
          Array(parameters[..<first]), gradients: Array(inputs[..<first]))
        + AdamUpdate().updates(Array(parameters[first...]), gradients: Array(inputs[first...]))
      return (try updates + average.updates(following: updates), [])
    } from: { variable in
      if case .slot(let kind) = variable.role, kind != "ema" {
        return AdamUpdate.values(ofSlot: kind)
      }
      return .real(low: -2, high: 2)
    }
  }
}

extension GradientNorm: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let count = random.place == 0 ? 1 : random.int(1...4)
    return Trial(GradientNorm(), (0..<count).map { _ in random.real(random.shape()) })
      .takingSpecialValues()
  }
}

extension TrialTable {
  static let optimizers: [TrialSubject] = [
    TrialSubject(
      "clip_by_norm", "the gradients of several updates scaled to a norm of at most some number",
      dtypes: [.float32], isDifferentiable: false
    ) { random in
      let shapes = (0..<random.int(2...4)).map { _ in random.shape(ranks: 0...3) }
      let first = random.int(1...(shapes.count - 1))
      let maximum = random.pick([0.5, 1e4], or: 1)
      return Trial(shapes.map { random.real($0) }, note: "maximum \(maximum)") { inputs in
        let parameters = try shapes.map { try Variable(shape: $0) }
        // Computed, so that they come to lie in the slab of gradients.
        let gradients = try inputs.map { try $0 * $0 }
        let norm = try globalNorm(of: gradients)
        let scale = try clippingScale(norm: norm, maximum: maximum)
        return (
          try LAMBUpdate().updates(
            Array(parameters[..<first]), gradients: Array(gradients[..<first]), scale: scale)
            + SGDUpdate(momentum: 0.5).updates(
              Array(parameters[first...]), gradients: Array(gradients[first...]), scale: scale),
          [norm, scale]
        )
      } from: { variable in
        if case .slot(let kind) = variable.role { return AdamUpdate.values(ofSlot: kind) }
        return .real(low: -2, high: 2)
      }
    },
    TrialSubject("clip_by_value", "each element brought between two numbers") { random in
      Trial([random.real(random.shape())]) { [try $0[0].clippedByValue(1.7)] }
        .takingSpecialValues()
    },
  ]
}
