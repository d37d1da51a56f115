import GPUMLGraph

/// What the rounding of a device may do to results, drawn at random: how far an element is off over
/// a few runs tells how sensitive it is, wherever terms cancel on the way to it.
///
/// A result that its type holds exactly stays, so that what selects, compares or moves elements does
/// what it does without noise. Any other comes from operands that are off by a rounding of float32,
/// in which kernels accumulate, and goes to its type by way of a number half a step away. Where only
/// some element types are asked for, results of the others stay as they are, not rounded either.
///
/// - SeeAlso: Parker 1997, "Monte Carlo arithmetic".
struct RoundingNoise {
  private var generator: Philox
  private var bits: UInt64 = 0
  private var bitsLeft = 0

  /// Noise of a seed; none is drawn for other kinds of rounding.
  init(_ rounding: ReferenceEvaluator.Rounding) {
    var seed: UInt64 = 0
    if case .atRandom(let given, _) = rounding { seed = given }
    generator = Philox(seed: seed, stream: 0x4015E)
  }

  /// −1 or 1.
  private mutating func sign() -> Double {
    if bitsLeft == 0 { (bits, bitsLeft) = (generator.next(), 64) }
    bitsLeft -= 1
    defer { bits >>= 1 }
    return bits & 1 == 0 ? -1 : 1
  }

  /// An operand whose real numbers are off by 2⁻²³ of themselves; whole ones, which masks, counts and
  /// exponents are, stay.
  mutating func disturbed(_ tensor: ReferenceTensor) -> ReferenceTensor {
    guard tensor.dtype.isFloating else { return tensor }
    var result = tensor
    for place in result.values.indices where !tensor.values[place].isWhole {
      result.values[place] *= 1 + sign() * 0x1p-23
    }
    return result
  }

  /// Numbers that come of terms of a size, each of which was rounded in float32.
  mutating func canceled(_ tensor: ReferenceTensor, from term: Double) -> ReferenceTensor {
    var result = tensor
    for place in result.values.indices { result.values[place] += sign() * 0x1p-23 * term }
    return result
  }

  /// Numbers of the element type on either side of each.
  mutating func rounded(_ tensor: ReferenceTensor) -> ReferenceTensor {
    let (relative, absolute) = tensor.dtype.halfStep
    if relative == 0 { return tensor }
    let nearest = tensor.rounded.values
    var result = tensor
    for (place, value) in tensor.values.enumerated() where value != nearest[place] {
      result.values[place] += sign() * (relative * abs(value) + absolute)
    }
    return result.rounded
  }
}

/// A primitive in whose results terms cancel that are neither operands nor results.
protocol CancelingTerms {
  /// The largest of these terms.
  func largestTerm(_ inputs: [ReferenceTensor]) -> Double
}

extension LogSoftmax: CancelingTerms {
  /// The sum of exponentials relative to the largest is 1 or more, and rounded before its logarithm is
  /// taken: of an element that has nearly all of it no more is left than that rounding.
  func largestTerm(_ inputs: [ReferenceTensor]) -> Double { 1 }
}

extension SoftmaxCrossEntropy: CancelingTerms {
  /// As of the log-softmax that it is.
  func largestTerm(_ inputs: [ReferenceTensor]) -> Double { 1 }
}

extension CrossEntropy: CancelingTerms {
  /// As of the log-softmax, times a weight.
  func largestTerm(_ inputs: [ReferenceTensor]) -> Double { inputs[2].largest }
}

extension SoftmaxCrossEntropyGradient: CancelingTerms {
  /// Of (p − 1) times an upstream gradient.
  func largestTerm(_ inputs: [ReferenceTensor]) -> Double { inputs[2].largest }
}

extension CrossEntropyGradient: CancelingTerms {
  /// Of (p − 1) times a weight and an upstream gradient.
  func largestTerm(_ inputs: [ReferenceTensor]) -> Double { inputs[2].largest * inputs[3].largest }
}

extension CrossEntropyWeightGradient: CancelingTerms {
  /// Of log(1 + ε) times an upstream gradient.
  func largestTerm(_ inputs: [ReferenceTensor]) -> Double { inputs[3].largest }
}

extension ReferenceTensor {
  /// The largest magnitude of its finite elements.
  fileprivate var largest: Double {
    values.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
  }
}

extension ReferenceTensor {
  /// Whether its type holds all elements as they are.
  var isExact: Bool {
    !dtype.isFloating || zip(values, rounded.values).allSatisfy { $0 == $1 || $0.isNaN }
  }
}

extension Double {
  /// Whether there is nothing to round.
  fileprivate var isWhole: Bool { self == rounded() || !isFinite }
}

extension DType {
  /// Half the distance of neighbours, relative to a number of the type, and of the smallest.
  fileprivate var halfStep: (relative: Double, absolute: Double) {
    switch self {
    case .float32: (0x1p-24, 0)
    case .float16: (0x1p-11, 0x1p-25)
    case .bfloat16: (0x1p-8, 0)
    default: (0, 0)
    }
  }
}
