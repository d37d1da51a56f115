extension Metrics {
  /// The area under the receiver operating characteristic: how probable it is that a positive
  /// example scores higher than a negative one, equal scores counting half.
  ///
  /// Takes O(n log n) for n examples.
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
    guard classCount >= 1, probabilities.count == actual.count * classCount else {
      throw DataError.invalidValue(
        operation: "ROC-AUC",
        reason: "\(probabilities.count) scores are not \(actual.count) rows of \(classCount)")
    }
    var counts = [Int](repeating: 0, count: classCount)
    for label in actual {
      guard counts.indices.contains(label) else {
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
    // Numbers whose order is that of the scores, with the kind in the last bit: quicker to sort than
    // places by scores.
    var keys: [UInt64] = []
    keys.reserveCapacity(count)
    for (score, isPositive) in examples {
      if score.isNaN { return .nan }
      // Both zeros are one score.
      let bits = (score == 0 ? 0 : score).bitPattern
      let ordered = bits >> 31 == 1 ? ~bits : bits | 1 << 31
      keys.append(UInt64(ordered) << 1 | (isPositive ? 1 : 0))
    }
    keys.sort()
    // Pairs of a positive and a lower negative, in halves, so that equal ones count one.
    var (halves, positives, negatives) = (0.0, 0.0, 0.0)
    var next = 0
    while next < keys.count {
      let score = keys[next] >> 1
      var (equalPositives, equalNegatives) = (0.0, 0.0)
      while next < keys.count, keys[next] >> 1 == score {
        if keys[next] & 1 == 1 { equalPositives += 1 } else { equalNegatives += 1 }
        next += 1
      }
      halves += equalPositives * (2 * negatives + equalNegatives)
      positives += equalPositives
      negatives += equalNegatives
    }
    return halves / (2 * positives * negatives)
  }
}
