import GPUMLGraph

/// A reduction that is tried over any axes.
package protocol ReductionTrialled: ReductionPrimitive, Trialled {
  /// How far a device may be off for a number of terms.
  static func tolerance(terms: Int) -> Trial.Tolerance
  /// What real operands are drawn from.
  static var values: Trial.Values { get }
}

extension ReductionTrialled {
  /// That of sums.
  package static func tolerance(terms: Int) -> Trial.Tolerance { Trial.Tolerance(terms: terms) }
  /// Numbers whose sum is not near 0, so that a wrong one shows.
  package static var values: Trial.Values { .real(low: -2, high: 3) }
  /// One operand of any shape.
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let shape = random.shape()
    let axes = random.axes(of: shape)
    let operand =
      random.dtype.isFloating ? Trial.Operand(shape, random.dtype, values) : random.any(shape)
    var trial = Trial(Self(axes: axes), [operand]).takingSpecialValues()
    trial.tolerance = tolerance(terms: shape.terms(axes))
    // The mean and the extremes of no elements have no finite difference.
    return shape.terms(axes) == 0 ? trial.withoutGradient() : trial
  }
}

extension ReduceSum: ReductionTrialled {}
extension ReduceMean: ReductionTrialled {}
extension ReduceMax: ReductionTrialled {
  /// Far enough apart that the largest is certain.
  package static var values: Trial.Values { .distinct }
  package static func tolerance(terms: Int) -> Trial.Tolerance { .exactNumbers }
}
extension ReduceMin: ReductionTrialled {
  /// Far enough apart that the smallest is certain.
  package static var values: Trial.Values { .distinct }
  package static func tolerance(terms: Int) -> Trial.Tolerance { .exactNumbers }
}
extension L1Norm: ReductionTrialled {}
extension L2Norm: ReductionTrialled {}
extension SumOfSquares: ReductionTrialled {}

extension ReduceProduct: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let shape = random.shape()
    let axes = random.axes(of: shape)
    return Trial(ReduceProduct(axes: axes), [random.factors(shape)])
      .tolerating(terms: shape.terms(axes))
  }
}

extension LogSumExp: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let shape = random.shape()
    let axes = random.axes(of: shape)
    let trial = Trial(LogSumExp(axes: axes), [random.real(shape, -20, 20)]).takingSpecialValues()
    return shape.terms(axes) == 0 ? trial.withoutGradient() : trial
  }
}

/// A reduction to truth values that is tried over any axes.
package protocol TruthTrialled: ReductionPrimitive, Trialled {}

extension TruthTrialled {
  /// One operand of any shape and type, in which 0 and other numbers come up together or alone.
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let shape = random.shape()
    return Trial(Self(axes: random.axes(of: shape)), [random.sparse(shape)]).takingSpecialValues()
  }
}

extension ReduceAny: TruthTrialled {}
extension ReduceAll: TruthTrialled {}

/// A measure of deviation that is tried over any axes.
package protocol DeviationTrialled: DeviationPrimitive, Trialled {}

extension DeviationTrialled {
  /// Numbers far enough apart, or a large mean, which must not cost accuracy.
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let shape = random.shape()
    let axes = random.axes(of: shape)
    let primitive = Self(axes: axes, correction: random.int(0...1))
    if random.place % 4 == 2 {
      // The gradient has the accuracy of the mean.
      let operand = Trial.Operand(shape, random.dtype, .integers(9997...10003))
      return Trial(primitive, [operand]).withoutGradient()
    }
    let trial = Trial(primitive, [Trial.Operand(shape, random.dtype, .distinct)])
      .takingSpecialValues()
    return shape.terms(axes) <= primitive.correction ? trial.withoutGradient() : trial
  }
}

extension Variance: DeviationTrialled {}
extension StandardDeviation: DeviationTrialled {}

/// A search for an extreme element that is tried along any axis.
package protocol ArgumentTrialled: ArgumentPrimitive, Trialled {}

extension ArgumentTrialled {
  /// Whole numbers, so that several are extreme and the first must be found.
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let shape = random.shape(ranks: 1...5)
    let axis = random.axis(of: shape)
    let sizes = shape.enumerated().map { $0.offset == axis ? max(1, $0.element) : $0.element }
    return Trial(Self(axis: axis), [random.ties(sizes)]).takingSpecialValues()
  }
}

extension ArgMax: ArgumentTrialled {}
extension ArgMin: ArgumentTrialled {}

extension [Int] {
  /// The number of elements in a group along axes.
  fileprivate func terms(_ axes: [Int]) -> Int { axes.reduce(1) { $0 * self[$1] } }
}

extension TrialRandom {
  /// An operand whose products stay in range: zeros and ones with signs, or numbers around 1.
  package mutating func factors(_ shape: [Int]) -> Trial.Operand {
    switch dtype {
    case .float32, .float16, .bfloat16:
      bool() ? real(shape, 0.5, 1.5) : Trial.Operand(shape, dtype, .integers(-1...1))
    case .uint8, .uint32: Trial.Operand(shape, dtype, .integers(1...3))
    default: Trial.Operand(shape, dtype, .integers(-2...3))
    }
  }

  /// An operand of few different whole numbers.
  package func ties(_ shape: [Int]) -> Trial.Operand {
    let isUnsigned = dtype == .uint8 || dtype == .uint32
    return Trial.Operand(shape, dtype, .integers(isUnsigned ? 0...8 : -4...4))
  }
}
