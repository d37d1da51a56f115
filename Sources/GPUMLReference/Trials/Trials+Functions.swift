import GPUMLGraph

extension ExponentialMinusOne: UnaryTrialled {}
extension LogarithmOnePlus: UnaryTrialled {
  package static var domain: ClosedRange<Double> { -0.9...9 }
}
extension Reciprocal: UnaryTrialled {
  package static var domain: ClosedRange<Double> { 0.3...4 }
}
extension ReciprocalSquareRoot: UnaryTrialled {
  package static var domain: ClosedRange<Double> { 0.2...9 }
}
extension Sine: UnaryTrialled {}
extension Cosine: UnaryTrialled {}
extension Tangent: UnaryTrialled {
  package static var domain: ClosedRange<Double> { -1.3...1.3 }
}
extension ArcSine: UnaryTrialled {
  package static var domain: ClosedRange<Double> { -0.95...0.95 }
}
extension ArcCosine: UnaryTrialled {
  package static var domain: ClosedRange<Double> { -0.95...0.95 }
}
extension ArcTangent: UnaryTrialled {}
extension HyperbolicSine: UnaryTrialled {}
extension HyperbolicCosine: UnaryTrialled {}
extension Floor: JumpTrialled {}
extension Ceiling: JumpTrialled {}
extension Round: JumpTrialled {}
extension IsNaN: UnaryTrialled {}
extension IsInfinite: UnaryTrialled {}
extension IsFinite: UnaryTrialled {}
extension Negate: UnaryTrialled {}
extension AbsoluteValue: UnaryTrialled {}
extension Sign: UnaryTrialled {}

/// A primitive of one operand that jumps at whole numbers or halves.
package protocol JumpTrialled: UnaryPrimitive, Trialled {}

extension JumpTrialled {
  /// Now and then at the jumps, and of 16 bits often: there is no gradient there.
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let shape = random.shape()
    let isReal = random.place % 4 != 2
    let operand =
      isReal ? random.real(shape, -4, 4) : Trial.Operand(shape, random.dtype, .integers(-4...4))
    let trial = Trial(Self(), [operand]).takingSpecialValues()
    return isReal && random.dtype == .float32 ? trial : trial.withoutGradient()
  }
}

extension BitwiseNot: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let shape = random.shape()
    return Trial(BitwiseNot(), [random.whole(shape)])
  }
}

extension Clamp: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    // Either bound, both, none, and both the same.
    let bounds: [(Double, Double)] = [
      (-1, 2), (0, .infinity), (-.infinity, 1), (-.infinity, .infinity), (0, 6), (1, 1),
      (-0.5, 0.75), (-2, -1),
    ]
    let usable = bounds.filter { low, high in
      [low, high].allSatisfy { bound in
        random.dtype.isFloating || bound.isInfinite
          || bound == bound.rounded() && (random.dtype.isSigned || bound >= 0)
      }
    }
    let (low, high) = random.pick(usable, or: (0, 1))
    let operand = random.any(random.shape())
    return Trial(try Clamp(low: low, high: high), [operand]).takingSpecialValues()
  }
}
