import GPUMLGraph

/// A reduction that is tried over any axes.
package protocol ReductionTrialled: ReductionPrimitive, Trialled {
  /// How far a device may be off for a number of terms.
  static func tolerance(terms: Int) -> Trial.Tolerance
}

extension ReductionTrialled {
  /// That of sums.
  package static func tolerance(terms: Int) -> Trial.Tolerance { Trial.Tolerance(terms: terms) }
  /// One operand of any shape; numbers far enough apart that a largest one is certain.
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let shape = random.shape()
    let axes = random.axes(of: shape)
    let terms = axes.reduce(1) { $0 * shape[$1] }
    let values: Trial.Operand =
      random.dtype.isFloating ? Trial.Operand(shape, random.dtype, .distinct) : random.any(shape)
    var trial = Trial(Self(axes: axes), [values])
    trial.tolerance = tolerance(terms: terms)
    // The mean and the extremes of no elements have no finite difference.
    if terms == 0 { trial = trial.withoutGradient() }
    return trial
  }
}

extension ReduceSum: ReductionTrialled {}
extension ReduceMean: ReductionTrialled {}
extension ReduceMax: ReductionTrialled {
  package static func tolerance(terms: Int) -> Trial.Tolerance { .exact }
}

extension ArgMax: Trialled {
  package static func trial(_ random: inout TrialRandom) throws -> Trial {
    let shape = random.shape(ranks: 1...5)
    let axis = random.axis(of: shape)
    let sizes = shape.enumerated().map { $0.offset == axis ? max(1, $0.element) : $0.element }
    // Whole numbers, so that several are largest and the first must be found.
    return Trial(ArgMax(axis: axis), [Trial.Operand(sizes, random.dtype, .integers(-4...4))])
      .takingSpecialValues()
  }
}
