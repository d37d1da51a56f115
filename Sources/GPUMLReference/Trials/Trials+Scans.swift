import GPUMLGraph

extension CumulativeSum: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let shape = random.shape(ranks: 1...5)
    let axis = random.axis(of: shape)
    return Trial(
      CumulativeSum(axis: axis, exclusive: random.bool(), reversed: random.bool()),
      [random.any(shape)]
    ).tolerating(terms: shape[axis]).takingSpecialValues()
  }
}

extension CumulativeProduct: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let shape = random.shape(ranks: 1...5)
    let axis = random.axis(of: shape)
    return Trial(
      CumulativeProduct(axis: axis, exclusive: random.bool(), reversed: random.bool()),
      [random.factors(shape)]
    ).tolerating(terms: shape[axis])
  }
}

extension LinearRecurrence: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let shape = random.shape(ranks: 1...5)
    let axis = random.axis(of: shape)
    let form = random.pick(Form.allCases, or: .inclusive)
    return Trial(
      LinearRecurrence(axis: axis, form: form, reversed: random.bool()),
      [random.real(shape), random.real(shape, -1.1, 1.1)]
    ).tolerating(terms: 2 * shape[axis])
  }
}
