import GPUMLGraph

extension RandomBits: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    Trial(RandomBits(shape: [Dim](random.shape()), stream: random.int(0...1000)), [])
  }
}

extension RandomInteger: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let low = random.int(-100...100)
    let bounds = random.pick(
      [(low, low + 1), (low, low + 7), (low, low + 1000), (Int(Int32.min), Int(Int32.max))],
      or: (0, 1))
    return Trial(
      RandomInteger(
        shape: [Dim](random.shape()), stream: random.int(0...1000), low: bounds.0, high: bounds.1),
      [])
  }
}

extension RandomExponential: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    Trial(
      RandomExponential(
        shape: [Dim](random.shape()), stream: random.int(0...1000), dtype: random.dtype), []
    ).tolerating(relative: 1e-6, absolute: 1e-12)
  }
}

extension RandomTruncatedNormal: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    // In the middle, on either side, far out, and without bounds.
    let bounds = random.pick(
      [
        (-2, 2), (-0.25, 3), (-.infinity, 1), (0.5, .infinity), (5, 6), (-9, -4.5), (7, .infinity),
        (-.infinity, .infinity),
      ], or: (-2, 2))
    let (mean, deviation) = random.bool() ? (0, 1) : (1.5, 0.25)
    return Trial(
      RandomTruncatedNormal(
        shape: [Dim](random.shape()), stream: random.int(0...1000), mean: mean,
        deviation: deviation, low: bounds.0 * deviation + mean,
        high: bounds.1 * deviation + mean, dtype: random.dtype), [])
  }
}

extension TrialTable {
  /// What is composed of random numbers.
  static let distributions: [TrialSubject] = [
    TrialSubject("dropout", "0 with a probability, else x over the rest of it") { random in
      let (rate, stream) = (Double(random.int(1...8)) / 10, random.int(0...1000))
      return Trial([random.real(random.shape())], note: "rate \(rate), stream \(stream)") {
        [try $0[0].dropout(rate: rate, stream: stream)]
      }
    },
    TrialSubject(
      "uniform_between", "evenly distributed between two numbers", isDifferentiable: false
    ) { random in
      let (shape, stream, dtype) = (random.shape(), random.int(0...1000), random.dtype)
      return Trial([], note: "\(dtype) \(shape), stream \(stream)") { _ in
        [try .uniform(shape: [Dim](shape), low: -1, high: 3, stream: stream, dtype: dtype)]
      }
    },
    TrialSubject(
      "normal_around", "normally distributed around a mean", isDifferentiable: false
    ) { random in
      let (shape, stream, dtype) = (random.shape(), random.int(0...1000), random.dtype)
      return Trial([], note: "\(dtype) \(shape), stream \(stream)") { _ in
        [
          try .normal(
            shape: [Dim](shape), mean: 2, deviation: 0.5, stream: stream, dtype: dtype)
        ]
      }.toleratingNormal()
    },
    TrialSubject("bernoulli", "true with a probability", isDifferentiable: false) { random in
      let stream = random.int(0...1000)
      let share = Double(random.int(0...4)) / 4
      let dtype = random.pick(DType.allCases, or: .bool)
      return Trial([random.real(random.shape(), -0.1, 1.1)], note: "stream \(stream), \(share)") {
        [
          try $0[0].bernoulli(stream: stream),
          try $0[0].bernoulli(stream: stream, dtype: dtype),
          try .bernoulli(shape: $0[0].shape, probability: share, stream: stream + 1, dtype: dtype),
        ]
      }
    },
    TrialSubject("categorical", "a class a row, drawn by its logits", isDifferentiable: false) {
      random in
      let stream = random.int(0...1000)
      let shape = random.shape(ranks: 0...4) + [random.size(orEmpty: false)]
      let classes = shape.reduce(1, *) > 4 * random.mostElements ? [7, 3] : shape
      return Trial([random.real(classes)], note: "stream \(stream)") {
        [try $0[0].categorical(stream: stream)]
      }
    },
    TrialSubject("permutation", "the slices of an axis in random order") { random in
      let stream = random.int(0...1000)
      let shape = random.shape(ranks: 1...4)
      let axis = random.axis(of: shape)
      return Trial([random.real(shape)], note: "stream \(stream), axis \(axis)") {
        [
          try $0[0].shuffled(axis: axis, stream: stream),
          try .permutation(count: $0[0].shape[axis], stream: stream + 1),
        ]
      }.exact()
    },
    TrialSubject(
      "truncated_normal", "scaled random numbers of several kinds", isDifferentiable: false
    ) { random in
      let (shape, stream, dtype) = ([Dim](random.shape()), random.int(0...1000), random.dtype)
      return Trial([], note: "\(dtype) \(shape.text), stream \(stream)") { _ in
        [
          try .truncatedNormal(
            shape: shape, mean: 3, deviation: 2, low: 1, high: 4, stream: stream, dtype: dtype),
          try .exponential(shape: shape, rate: 4, stream: stream, dtype: dtype),
          try .integers(shape: shape, in: -3..<9, stream: stream),
        ]
      }
    },
  ]
}
