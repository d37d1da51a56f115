extension Metrics {
  /// The area under the receiver operating characteristic: how probable it is that a positive
  /// example scores higher than a negative one, equal scores counting half.
  ///
  /// Takes O(n log m) for n examples, of which m are of the rarer kind.
  ///
  /// - Parameters:
  ///   - scores: One an example; the higher, the more likely it is positive.
  ///   - isPositive: What each example is.
  /// - Returns: 0...1; NaN if a score is NaN, or there are not examples of both kinds.
  /// - Throws: `DataError.invalidValue` if the counts differ.
  /// - SeeAlso: Fawcett 2006, "An introduction to ROC analysis"; Mann and Whitney 1947.
  public static func rocAUC(_ scores: [Float], isPositive: [Bool]) throws -> Double {
    guard scores.count == isPositive.count else {
      throw DataError.invalidValue(
        operation: "ROC-AUC", reason: "\(scores.count) scores for \(isPositive.count) labels")
    }
    return rocAUC(zip(scores, isPositive), count: scores.count)
  }

  /// The mean of each class's area against all other classes.
  ///
  /// Classes without examples, and one that all examples are of, have no area and are left out. Of
  /// two classes only the area of the second, the positive one, is taken.
  ///
  /// - Parameter probabilities: Rows of `classCount` probabilities.
  /// - Returns: 0...1; nil if no class has an area; NaN if a probability of one is NaN.
  /// - Throws: `DataError.invalidValue` if the counts do not agree or a label is out of range.
  /// - SeeAlso: Provost and Domingos 2000, "Well-trained PETs", for one class against the rest.
  public static func rocAUC(
    _ probabilities: [Float], actual: [Int], classCount: Int
  ) throws -> Double? {
    try rocAUC(probabilities, labels: actual, classCount: classCount)
  }

  static func rocAUC<Label: FixedWidthInteger>(
    _ probabilities: [Float], labels actual: [Label], classCount: Int
  ) throws -> Double? {
    guard classCount >= 1, probabilities.count == actual.count * classCount else {
      throw DataError.invalidValue(
        operation: "ROC-AUC",
        reason: "\(probabilities.count) scores are not \(actual.count) rows of \(classCount)")
    }
    var counts = [Int](repeating: 0, count: classCount)
    for label in actual {
      guard let label = Int(exactly: label), counts.indices.contains(label) else {
        throw DataError.invalidValue(
          operation: "ROC-AUC", reason: "class \(label) of \(classCount) does not exist")
      }
      counts[label] += 1
    }
    let classes = (classCount == 2 ? 1..<2 : 0..<classCount).filter {
      counts[$0] > 0 && counts[$0] < actual.count
    }
    if classes.isEmpty { return nil }
    let sum = classes.reduce(0.0) { sum, place in
      let pairs = actual.indices.lazy.map { row in
        (probabilities[row * classCount + place], actual[row] == place)
      }
      return sum + rocAUC(pairs, count: actual.count)
    }
    return sum / Double(classes.count)
  }

  private static func rocAUC(
    _ examples: some Sequence<(Float, Bool)>, count: Int
  ) -> Double {
    var (positives, negatives) = ([UInt32](), [UInt32]())
    negatives.reserveCapacity(count)
    for (score, isPositive) in examples {
      if score.isNaN { return .nan }
      if isPositive {
        positives.append(order(score))
      } else {
        negatives.append(order(score))
      }
    }
    // Of many classes each has few examples: only the fewer of both kinds are sorted.
    let arePositivesFewer = positives.count < negatives.count
    let fewer = (arePositivesFewer ? positives : negatives).sorted()
    var halves = 0.0
    for key in arePositivesFewer ? negatives : positives {
      // Pairs in halves, so that equal scores count one.
      halves += Double(fewer.rank(of: key))
    }
    let pairs = Double(positives.count) * Double(negatives.count)
    return (arePositivesFewer ? 2 * pairs - halves : halves) / (2 * pairs)
  }

  /// A number whose order is that of scores.
  private static func order(_ score: Float) -> UInt32 {
    // Both zeros are one score.
    let bits = (score == 0 ? 0 : score).bitPattern
    return bits >> 31 == 1 ? ~bits : bits | 1 << 31
  }
}

extension [UInt32] {
  /// How many elements of a sorted array are below a number, plus how many are not above it.
  fileprivate func rank(of key: UInt32) -> Int {
    let below = partition { $0 >= key }
    let isEqual = below < count && self[below] == key
    return below + (isEqual ? partition { $0 > key } : below)
  }

  /// The place of the first element that a condition holds for, as it does for all that follow.
  private func partition(_ holds: (UInt32) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
