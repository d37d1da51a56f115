import GPUMLGraph

/// A primitive of one operand that is tried on real numbers.
package protocol UnaryTrialled: UnaryPrimitive, Trialled {
  /// Where real operands are drawn from.
  static var domain: ClosedRange<Double> { get }
  /// How far a device may be off.
  static var tolerance: Trial.Tolerance { get }
}

extension UnaryTrialled {
  /// Numbers on both sides of 0.
  package static var domain: ClosedRange<Double> { -4...4 }
  /// That of elementwise functions.
  package static var tolerance: Trial.Tolerance { Trial.Tolerance() }
  /// One operand of any shape.
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let shape = random.shape()
    let operand =
      random.dtype.isFloating
      ? random.real(shape, domain.lowerBound, domain.upperBound) : random.any(shape)
    var trial = Trial(Self(), [operand]).takingSpecialValues()
    trial.tolerance = tolerance
    return trial
  }
}

extension Exponential: UnaryTrialled {}
extension Logarithm: UnaryTrialled {
  package static var domain: ClosedRange<Double> { 0.01...9 }
}
extension SquareRoot: UnaryTrialled {
  package static var domain: ClosedRange<Double> { 0.1...9 }
}
extension ErrorFunction: UnaryTrialled {}
extension ReLU: UnaryTrialled {}
extension HyperbolicTangent: UnaryTrialled {}
extension Sigmoid: UnaryTrialled {}

extension GELU: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let primitive = GELU(approximate: random.bool())
    return Trial(primitive, [random.real(random.shape())]).takingSpecialValues()
  }
}

/// A primitive of two operands that is tried on numbers of any type.
package protocol BinaryTrialled: BinaryPrimitive, Trialled {
  /// Where real numbers of the second operand are drawn from.
  static var rightDomain: ClosedRange<Double> { get }
}

extension BinaryTrialled {
  /// Numbers on both sides of 0.
  package static var rightDomain: ClosedRange<Double> { -3...3 }
  /// Two operands that broadcast.
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let shapes = random.stretchingShapes(2)
    let right =
      random.dtype.isFloating
      ? random.real(shapes[1], rightDomain.lowerBound, rightDomain.upperBound)
      : random.any(shapes[1])
    return Trial(Self(), [random.any(shapes[0]), right]).takingSpecialValues()
  }
}

extension Add: BinaryTrialled {}
extension Subtract: BinaryTrialled {}
extension Multiply: BinaryTrialled {}
extension Divide: BinaryTrialled {
  package static var rightDomain: ClosedRange<Double> { 0.5...3 }
}
extension Maximum: BinaryTrialled {}
extension LessThan: BinaryTrialled {}
extension LessOrEqual: BinaryTrialled {}
extension EqualTo: BinaryTrialled {}

extension Select: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let shapes = random.stretchingShapes(3)
    let dtype = random.pick(DType.allCases, or: .float32)
    let values: Trial.Values =
      dtype.isFloating ? .real(low: -3, high: 3) : .integers(0...(dtype == .bool ? 1 : 100))
    return Trial(
      Select(),
      [
        random.truths(shapes[0]), Trial.Operand(shapes[1], dtype, values),
        Trial.Operand(shapes[2], dtype, values),
      ]
    ).takingSpecialValues()
  }
}

extension Cast: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let shape = random.shape()
    let bound = random.pick([3.0, 300, 1e5], or: 300)
    let operand = random.dtype.isFloating ? random.real(shape, -bound, bound) : random.whole(shape)
    // Every pair of types comes up within as many trials as there are types, and one before them.
    guard random.place == 0 || !random.place.isMultiple(of: 2) else {
      let target = random.pick(DType.allCases, or: .float32)
      return Trial(Cast(to: target), [operand]).exact().takingSpecialValues()
    }
    let trial = Trial([operand]) { inputs in
      try DType.allCases.map { try Cast(to: $0)(inputs[0]) }
    }.exact().takingSpecialValues()
    // Beyond the range of float16 there are infinities, which have no difference.
    return bound > 65504 ? trial.withoutGradient() : trial
  }
}
