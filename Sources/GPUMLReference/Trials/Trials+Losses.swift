import GPUMLGraph

extension Softmax: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    Trial(Softmax(), [random.real(random.shape(ranks: 1...5), -20, 20)])
  }
}

extension SoftmaxCrossEntropy: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let (rows, classes) = (random.size(), random.size(orEmpty: false))
    return Trial(
      SoftmaxCrossEntropy(),
      [random.real([rows, classes], -20, 20), random.indices([rows], below: classes)])
  }
}

extension SoftmaxCrossEntropyGradient: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let (rows, classes) = (random.size(), random.size(orEmpty: false))
    return Trial(
      SoftmaxCrossEntropyGradient(),
      [
        random.real([rows, classes], -20, 20), random.indices([rows], below: classes),
        random.real([rows]),
      ])
  }
}
