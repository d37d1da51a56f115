import GPUMLGraph

extension TrialRandom {
  /// Numbers many of which are 0, all of them, or none.
  package mutating func sparse(_ shape: [Int]) -> Trial.Operand {
    let most = dtype == .bool ? 1 : 2
    let range = pick([0...most, 0...0, 1...most], or: 0...most)
    return Trial.Operand(shape, dtype, .integers(range))
  }
}

extension NonZero: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let operand = random.sparse(random.shape())
    let dtype = random.bool() ? DType.int32 : .int64
    return Trial([operand], note: "\(dtype)") { [try $0[0].nonZero(dtype: dtype)] }
      .takingSpecialValues()
  }
}

extension CountNonZero: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    Trial(CountNonZero(), [random.sparse(random.shape())]).takingSpecialValues()
  }
}

extension TrialTable {
  /// What has a size that data decide.
  static let dataDependent: [TrialSubject] = [
    TrialSubject("masked_select", "the elements where a condition holds", isDifferentiable: false) {
      random in
      let shape = random.shape()
      let axes = random.int(0...shape.count)
      let condition = random.truths(Array(shape.prefix(axes)))
      return Trial([random.real(shape), condition]) { [try $0[0].elements(where: $0[1])] }.exact()
    },
    // What is chosen is put back, so that the result has a size that is known.
    TrialSubject("masked_update", "the square of the elements where a condition holds") { random in
      let shape = random.shape()
      return Trial([random.real(shape), random.truths(shape)]) { operands in
        let (x, points) = (operands[0], try operands[1].nonZero())
        let chosen = try x.gathered(atPoints: points)
        return [
          try x.scattering(chosen * chosen, atPoints: points),
          try (chosen * chosen).sum(),
        ]
      }.tolerating(terms: shape.reduce(1, *))
    },
  ]
}
