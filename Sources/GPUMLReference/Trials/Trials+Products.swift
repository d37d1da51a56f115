import GPUMLGraph

extension MatMul: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let (m, n, k) = (random.size(), random.size(), random.size())
    let (left, right) = (random.bool(), random.bool())
    return Trial(
      MatMul(transposesLeft: left, transposesRight: right),
      [random.real(left ? [k, m] : [m, k]), random.real(right ? [n, k] : [k, n])]
    ).tolerating(terms: k)
  }
}
