import GPUMLGraph

/// A random primitive whose elements each come from one random word.
package protocol ReferenceDraw: RandomPrimitive, ReferenceEvaluable {
  /// The element for a word.
  func draw(_ word: UInt32) -> Double
}

extension ReferenceDraw {
  /// Word by word.
  package func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) -> [ReferenceTensor] {
    let type = outputTypes[0]
    let count = HostTensor.elementCount(of: type.shape) ?? 0
    let words = state.words(count, stream: UInt32(truncatingIfNeeded: stream))
    return [ReferenceTensor(shape: type.shape, dtype: type.dtype, values: words.map(draw))]
  }

  /// The upper 23 bits as a number between 0 and 1, both excluded.
  fileprivate func open(_ word: UInt32) -> Double { (Double(word >> 9) + 0.5) * 0x1p-23 }
}

extension RandomBits: ReferenceDraw {
  /// The word itself.
  package func draw(_ word: UInt32) -> Double { Double(word) }
}

extension RandomInteger: ReferenceDraw {
  /// The upper word of the product with the size of the range.
  package func draw(_ word: UInt32) -> Double {
    Double(low + Int((UInt64(word) * UInt64(high - low)) >> 32))
  }
}

extension RandomExponential: ReferenceDraw {
  /// −ln u.
  package func draw(_ word: UInt32) -> Double { -logarithm(open(word)) }
}

extension RandomTruncatedNormal: ReferenceDraw {
  /// The quantile, from the nearer tail.
  package func draw(_ word: UInt32) -> Double {
    let share = open(word)
    let (left, right) = (below + share * probability, above + (1 - share) * probability)
    let tail = NormalDistribution.quantile(tail: min(left, right))
    return min(max((left < right ? tail : -tail) * deviation + mean, low), high)
  }
}
