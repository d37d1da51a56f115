import GPUMLGraph

extension StridedSlice: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let (slice, source) = random.slice(random.shape())
    return Trial(slice, [random.any(source)]).exact().takingSpecialValues()
  }
}

extension StridedPlacement: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let shape = random.shape()
    let (slice, target) = random.slice(shape)
    let placement = StridedPlacement(
      starts: slice.starts, steps: slice.steps, shape: [Dim](target))
    return Trial(placement, [random.any(shape)]).exact().takingSpecialValues()
  }
}

extension Concatenate: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    var shape = random.shape(ranks: 1...5)
    let axis = random.axis(of: shape)
    let operands = (0...random.int(0...3)).map { place in
      // The first keeps its size, which was drawn with regard to the others'.
      if place > 0 { shape[axis] = random.int(0...9) }
      return random.any(shape)
    }
    return Trial(Concatenate(axis: axis), operands).exact().takingSpecialValues()
  }
}

extension Pad: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let mode = random.pick(Mode.allCases, or: .constant)
    let shape = random.shape(orEmpty: mode == .constant)
    let (before, after) = random.padding(shape)
    let value = random.pick([0, 1, 2, -Double.infinity, Double.nan], or: 0)
    let pad = Pad(mode: mode, before: before, after: after, value: value)
    let trial = Trial(pad, [random.any(shape)]).exact().takingSpecialValues()
    // What is padded with no number has no sum whose slope could be measured.
    return value.isFinite ? trial : trial.withoutGradient()
  }
}

extension PadGradient: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let mode = random.pick([Pad.Mode.edge, .reflect, .wrap], or: .edge)
    let shape = random.shape(orEmpty: false)
    let (before, after) = random.padding(shape)
    let padded = try shape.indices.map {
      try (Dim(shape[$0]) + before[$0] + after[$0]).value([:])
    }
    // No element comes to more places of an axis than it has.
    let terms = zip(shape, padded).filter { $0 != $1 }.reduce(1) { $0 * max(1, $1.1) }
    return Trial(PadGradient(mode: mode, before: before, after: after), [random.real(padded)])
      .tolerating(relative: 1e-6, absolute: 1e-7, terms: min(terms, 64))
  }
}

extension TrialRandom {
  /// What comes before and after each axis: on some nothing, on some more than the axis has.
  fileprivate mutating func padding(_ shape: [Int]) -> (before: [Dim], after: [Dim]) {
    var (before, after): ([Dim], [Dim]) = ([], [])
    var grown = shape.reduce(1) { $0 * max($1, 1) }
    for size in shape {
      let limit = min(2 * size + 2, 12)
      var head = bool() ? int(-min(size, 3)...limit) : 0
      var tail = bool() ? int(-min(size + min(head, 0), 3)...limit) : 0
      let total = grown / max(size, 1) * max(size + head + tail, 1)
      if total > 3 * mostElements { (head, tail) = (0, 0) } else { grown = total }
      before.append(Dim(head))
      after.append(Dim(tail))
    }
    return (before, after)
  }
}

extension Triangle: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let offset = random.pick([0, 1, -1, 3, -6, 20, -80, .max, .min], or: 0)
    let triangle = Triangle(isUpper: random.bool(), offset: offset)
    return Trial(triangle, [random.any(random.shape(ranks: 2...5))]).exact()
      .takingSpecialValues()
  }
}

extension NumberRange: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let count = random.int(0...3) == 0 ? random.int(1000...20_000) : random.size()
    let isFloating = random.dtype.isFloating
    let start = Double(random.int(-50...50)) / (isFloating ? 8 : 1)
    let step = Double(random.int(-30...30)) / (isFloating ? 8 : 1)
    let range = NumberRange(start: start, step: step, count: Dim(count), dtype: random.dtype)
    // Two terms, each rounded.
    return Trial(range, []).tolerating(
      relative: 1e-6, absolute: 0x1p-22 * (abs(start) + abs(step) * Double(count)))
  }
}
