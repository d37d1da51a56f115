import GPUMLGraph

extension ReLU6: UnaryTrialled {
  package static var domain: ClosedRange<Double> { -2...8 }
}
extension SELU: UnaryTrialled {
  package static var domain: ClosedRange<Double> { -8...4 }
}
extension SiLU: UnaryTrialled {
  package static var domain: ClosedRange<Double> { -12...12 }
}
extension Mish: UnaryTrialled {
  package static var domain: ClosedRange<Double> { -12...12 }
}
extension Softsign: UnaryTrialled {}
extension HardSwish: UnaryTrialled {}

extension LeakyReLU: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let primitive = try LeakyReLU(slope: random.pick([0.01, 0.25, 1, -0.5, 0], or: 0))
    return Trial(primitive, [random.real(random.shape())]).takingSpecialValues()
  }
}

extension PReLU: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let shape = random.shape()
    return Trial(PReLU(), [random.real(shape), random.real(random.stretching(to: shape), -1, 1)])
      .takingSpecialValues()
  }
}

extension ELU: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let primitive = try ELU(alpha: random.pick([1, 0.5, 2, -1, 0], or: 1))
    return Trial(primitive, [random.real(random.shape(), -8, 4)]).takingSpecialValues()
  }
}

extension CELU: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let primitive = try CELU(alpha: random.pick([1, 0.5, 2], or: 1))
    return Trial(primitive, [random.real(random.shape(), -8, 4)]).takingSpecialValues()
  }
}

extension Softplus: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let primitive = try Softplus(beta: random.pick([1, 0.5, 3], or: 1))
    return Trial(primitive, [random.real(random.shape(), -12, 12)]).takingSpecialValues()
  }
}

extension HardSigmoid: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let primitive = try HardSigmoid(
      slope: random.pick([1.0 / 6, 0.2, 1], or: 1), offset: random.pick([0.5, 0.25, 0], or: 0))
    return Trial(primitive, [random.real(random.shape(), -5, 5)]).takingSpecialValues()
  }
}

extension TrialTable {
  package static let activations: [TrialSubject] = [
    TrialSubject("log_sigmoid", "−ln(1 + e⁻ˣ)") {
      Trial([$0.real($0.shape(), -12, 12)]) { [try $0[0].logSigmoid()] }.takingSpecialValues()
    }
  ]
}
