import GPUMLGraph

/// A softmax that is tried along any axis.
package protocol SoftmaxTrialled: SoftmaxPrimitive, Trialled {}

extension SoftmaxTrialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let shape = random.shape(ranks: 1...5)
    let axis = random.int(0...3) == 0 ? nil : random.axis(of: shape)
    return Trial(Self(axis: axis), [random.real(shape, -20, 20)]).takingSpecialValues()
  }
}

extension Softmax: SoftmaxTrialled {}
extension LogSoftmax: SoftmaxTrialled {}

extension SoftmaxCrossEntropy: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let (rows, classes) = (random.size(), random.size(orEmpty: false))
    return Trial(
      SoftmaxCrossEntropy(),
      [random.real([rows, classes], -20, 20), random.indices([rows], below: classes)]
    ).takingSpecialValues()
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
