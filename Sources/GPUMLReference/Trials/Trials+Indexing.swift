import GPUMLGraph

extension TrialRandom {
  /// Indices that name places among `size`, also from the end; with `orOutside` some name none.
  ///
  /// Where there is no place at all there is no other choice.
  fileprivate mutating func places(
    _ shape: [Int], among size: Int, orOutside: Bool
  ) -> Trial.Operand {
    let margin = orOutside ? 2 : 0
    let least = size == 0 ? -1 : -size
    return Trial.Operand(
      shape, place.isMultiple(of: 3) ? .int64 : .int32,
      .integers((least - margin)...(max(0, size - 1) + margin)))
  }

  /// A shape with at least one axis, and one of its axes.
  fileprivate mutating func shapeAndAxis() -> (shape: [Int], axis: Int) {
    let shape = shape(ranks: 1...5)
    return (shape, axis(of: shape))
  }

  /// The shape with another size of an axis, so that the elements stay few.
  fileprivate mutating func resized(_ shape: [Int], _ axis: Int) -> [Int] {
    var result = shape
    let others = shape.reduce(1) { $0 * max(1, $1) } / max(1, shape[axis])
    result[axis] = min(size(), max(2, mostElements / others))
    return result
  }

  /// The shape of a few indices.
  fileprivate mutating func fewIndices() -> [Int] {
    var shape = shape(ranks: 0...2)
    if shape.reduce(1, *) > 40 { shape = [int(0...20)] }
    return shape
  }

  /// Two or three axes, one that indices replace among them, and the slices that go with it.
  fileprivate mutating func slices() -> (shape: [Int], axis: Int, indices: [Int], updates: [Int]) {
    let shape = (0..<int(1...3)).map { _ in min(size(), 17) }
    let axis = axis(of: shape)
    let indices = fewIndices()
    var updates = shape
    updates.replaceSubrange(axis...axis, with: indices)
    return (shape, axis, indices, updates)
  }
}

extension Gather: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let (shape, axis) = random.shapeAndAxis()
    let isOutside = random.bool()
    let fillsZero = random.bool()
    let trial = Trial(
      Gather(axis: axis, fillsZero: fillsZero),
      [
        random.any(shape),
        random.places(random.fewIndices(), among: shape[axis], orOutside: isOutside),
      ]
    ).exact()
    // NaN has no finite difference.
    return (isOutside || shape[axis] == 0) && !fillsZero ? trial.withoutGradient() : trial
  }
}

extension TakeAlongAxis: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let (shape, axis) = random.shapeAndAxis()
    let isOutside = random.bool()
    let fillsZero = random.bool()
    let indices = random.resized(shape, axis)
    let trial = Trial(
      TakeAlongAxis(axis: axis, fillsZero: fillsZero),
      [random.any(shape), random.places(indices, among: shape[axis], orOutside: isOutside)]
    ).exact()
    return (isOutside || shape[axis] == 0) && !fillsZero ? trial.withoutGradient() : trial
  }
}

extension ScatterSum: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let slices = random.slices()
    let size = slices.shape[slices.axis]
    return Trial(
      ScatterSum(axis: slices.axis, size: Dim(size)),
      [
        random.any(slices.updates),
        random.places(slices.indices, among: size, orOutside: random.bool()),
      ]
    ).tolerating(terms: slices.indices.reduce(1, *))
  }
}

extension ScatterSumAlongAxis: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let (shape, axis) = random.shapeAndAxis()
    let size = random.size()
    return Trial(
      ScatterSumAlongAxis(axis: axis, size: Dim(size)),
      [random.any(shape), random.places(shape, among: size, orOutside: random.bool())]
    ).tolerating(terms: shape[axis])
  }
}

extension LastPlaces: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let (shape, axis) = random.shapeAndAxis()
    let size = random.size()
    return Trial(
      LastPlaces(axis: axis, size: Dim(size)),
      [random.places(shape, among: size, orOutside: random.bool())])
  }
}

extension KeyOrder: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    // Few different keys, so that equal ones must keep their order, or any word.
    let keys = random.bool() ? 0...5 : 0...Int(UInt32.max)
    let count =
      random.int(0...3) == 0 ? random.int(0...min(1500, random.mostElements)) : random.size()
    return Trial(KeyOrder(), [Trial.Operand([count], .uint32, .integers(keys))])
  }
}

extension TrialTable {
  /// What is composed of gathers and scatters.
  static let indexing: [TrialSubject] = [
    TrialSubject("gather_nd", "slices at points of the first axes") { random in
      let shape = random.shape(ranks: 1...4)
      let axes = random.int(0...shape.count)
      let least = shape.prefix(axes).min() ?? 1
      let isOutside = random.bool() || least == 0
      let points = random.places(
        random.fewIndices() + [axes], among: least, orOutside: isOutside)
      let trial = Trial([random.real(shape), points], note: "\(axes) axes") {
        [try $0[0].gathered(atPoints: $0[1])]
      }.exact()
      return isOutside ? trial.withoutGradient() : trial
    },
    TrialSubject("scatter", "slices replaced; the last of several stays") { random in
      let slices = random.slices()
      let axis = slices.axis
      return Trial(
        [
          random.real(slices.shape), random.real(slices.updates),
          random.places(
            slices.indices, among: slices.shape[axis], orOutside: random.bool()),
        ], note: "axis \(axis)"
      ) { [try $0[0].scattering($0[1], at: $0[2], axis: axis)] }.exact()
    },
    TrialSubject("scatter_add", "slices added", dtypes: DType.numeric) { random in
      let slices = random.slices()
      let axis = slices.axis
      return Trial(
        [
          random.any(slices.shape), random.any(slices.updates),
          random.places(
            slices.indices, among: slices.shape[axis], orOutside: random.bool()),
        ], note: "axis \(axis)"
      ) { [try $0[0].scatterAdding($0[1], at: $0[2], axis: axis)] }
      .tolerating(terms: slices.indices.reduce(1, *) + 1)
    },
    TrialSubject("scatter_nd", "slices replaced or added at points of the first axes") { random in
      let shape = random.shape(ranks: 1...3)
      let axes = random.int(1...shape.count)
      let indices = random.fewIndices()
      let points = random.places(
        indices + [axes], among: shape.prefix(axes).min() ?? 1, orOutside: random.bool())
      return Trial(
        [random.real(shape), random.real(indices + shape.dropFirst(axes)), points],
        note: "\(axes) axes"
      ) { operands in
        [
          try operands[0].scattering(operands[1], atPoints: operands[2]),
          try operands[0].scatterAdding(operands[1], atPoints: operands[2]),
        ]
      }.tolerating(terms: indices.reduce(1, *) + 1)
    },
    TrialSubject("put_along_axis", "elements replaced by an index each") { random in
      let (shape, axis) = random.shapeAndAxis()
      let indices = random.resized(shape, axis)
      return Trial(
        [
          random.real(shape), random.real(indices),
          random.places(indices, among: shape[axis], orOutside: random.bool()),
        ], note: "axis \(axis)"
      ) { [try $0[0].putting($0[1], at: $0[2], alongAxis: axis)] }.exact()
    },
    TrialSubject("add_along_axis", "elements added by an index each", dtypes: DType.numeric) {
      random in
      let (shape, axis) = random.shapeAndAxis()
      let indices = random.resized(shape, axis)
      return Trial(
        [
          random.any(shape), random.any(indices),
          random.places(indices, among: shape[axis], orOutside: random.bool()),
        ], note: "axis \(axis)"
      ) { [try $0[0].scatterAdding($0[1], at: $0[2], alongAxis: axis)] }
      .tolerating(terms: indices[axis] + 1)
    },
    TrialSubject(
      "one_hot", "1 at the index, 0 elsewhere", dtypes: DType.allCases, isDifferentiable: false
    ) { random in
      let shape = random.shape(ranks: 0...3)
      let (axis, depth) = (random.int(0...shape.count), random.int(0...9))
      let dtype = random.dtype
      return Trial(
        [random.places(shape, among: depth, orOutside: random.bool())],
        note: "axis \(axis), depth \(depth), \(dtype)"
      ) { [try $0[0].oneHot(depth: Dim(depth), on: 1, off: 0, axis: axis, dtype: dtype)] }
    },
  ]
}
