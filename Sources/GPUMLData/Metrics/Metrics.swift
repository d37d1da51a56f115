import Glibc

/// How good predictions are. Sums are in `Double`; a metric of no examples is NaN.
public enum Metrics {
  /// The share of predictions that are the label.
  ///
  /// - Throws: `DataError.invalidValue` if the counts differ.
  public static func accuracy(predicted: [Int], actual: [Int]) throws -> Double {
    try check("accuracy", predicted.count, actual.count)
    let right = zip(predicted, actual).reduce(0) { $0 + ($1.0 == $1.1 ? 1 : 0) }
    return Double(right) / Double(actual.count)
  }

  /// The place of each row's largest score, the first of equals; a row of only NaN gives 0.
  ///
  /// - Parameter scores: Rows of `classCount` scores.
  /// - Throws: `DataError.invalidValue` if the scores do not fill whole rows.
  public static func argmax(_ scores: [Float], classCount: Int) throws -> [Int] {
    let rows = try rows("argmax", scores, classCount)
    return (0..<rows).map { row in
      var best = 0
      var bestScore = -Float.infinity
      for index in 0..<classCount where scores[row * classCount + index] > bestScore {
        (best, bestScore) = (index, scores[row * classCount + index])
      }
      return best
    }
  }

  /// The share of examples whose label is among the `k` largest scores.
  ///
  /// A label counts if fewer than `k` scores are above its own, or equal and earlier in the row.
  ///
  /// - Throws: `DataError.invalidValue` if the counts do not agree, a label is out of range or k < 1.
  public static func topKAccuracy(
    _ scores: [Float], actual: [Int], classCount: Int, k: Int
  ) throws -> Double {
    let right = try topKCount(scores, actual: actual, classCount: classCount, k: k)
    return Double(right) / Double(actual.count)
  }

  /// The number of examples whose label is among the `k` largest scores.
  static func topKCount(
    _ scores: [Float], actual: [Int], classCount: Int, k: Int
  ) throws -> Int {
    try check("top-k accuracy", try rows("top-k accuracy", scores, classCount), actual.count)
    guard k >= 1 else { throw failure("top-k accuracy", "k is \(k), it must be at least 1") }
    try checkClasses("top-k accuracy", actual, classCount)
    var right = 0
    for (row, label) in actual.enumerated() {
      let own = scores[row * classCount + label]
      // No comparison with NaN holds: such a score is never right.
      guard !own.isNaN else { continue }
      let before = (0..<classCount).reduce(0) { count, index in
        let score = scores[row * classCount + index]
        return count + (score > own || (score == own && index < label) ? 1 : 0)
      }
      if before < k { right += 1 }
    }
    return right
  }

  /// The mean of `-log p(label)`, probabilities held at 1e-15 from below.
  ///
  /// - Parameter probabilities: Rows of `classCount` probabilities that sum to 1.
  /// - Throws: `DataError.invalidValue` if the counts do not agree or a label is out of range.
  public static func logLoss(
    _ probabilities: [Float], actual: [Int], classCount: Int
  ) throws -> Double {
    try check("log loss", try rows("log loss", probabilities, classCount), actual.count)
    try checkClasses("log loss", actual, classCount)
    var sum = 0.0
    for (row, label) in actual.enumerated() {
      let probability = Double(probabilities[row * classCount + label])
      sum -= log(probability.isNaN ? probability : max(probability, 1e-15))
    }
    return sum / Double(actual.count)
  }

  /// The mean of `|prediction - target|`.
  ///
  /// - Throws: `DataError.invalidValue` if the counts differ.
  public static func meanAbsoluteError(predicted: [Float], actual: [Float]) throws -> Double {
    try check("mean absolute error", predicted.count, actual.count)
    let sum = zip(predicted, actual).reduce(0) { $0 + abs(Double($1.0) - Double($1.1)) }
    return sum / Double(actual.count)
  }

  /// The square root of the mean of `(prediction - target)²`.
  ///
  /// - Throws: `DataError.invalidValue` if the counts differ.
  public static func rootMeanSquaredError(predicted: [Float], actual: [Float]) throws -> Double {
    try check("root mean squared error", predicted.count, actual.count)
    return (squaredError(predicted, actual) / Double(actual.count)).squareRoot()
  }

  /// The share of the targets' variance that is explained, R²: 1 is perfect, 0 is as good as their
  /// mean. Of constant targets it is 1 if all are met, else 0.
  ///
  /// - Throws: `DataError.invalidValue` if the counts differ.
  public static func r2(predicted: [Float], actual: [Float]) throws -> Double {
    try check("R²", predicted.count, actual.count)
    guard !actual.isEmpty else { return .nan }
    let error = squaredError(predicted, actual)
    let mean = actual.reduce(0) { $0 + Double($1) } / Double(actual.count)
    let spread = actual.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    if spread == 0 { return error == 0 ? 1 : error.isNaN ? .nan : 0 }
    return 1 - error / spread
  }

  private static func squaredError(_ predicted: [Float], _ actual: [Float]) -> Double {
    zip(predicted, actual).reduce(0) { sum, pair in
      let distance = Double(pair.0) - Double(pair.1)
      return sum + distance * distance
    }
  }

  private static func failure(_ metric: String, _ reason: String) -> DataError {
    .invalidValue(operation: metric, reason: reason)
  }

  private static func check(
    _ metric: String, _ predicted: Int, _ actual: Int
  ) throws(DataError) {
    guard predicted == actual else {
      throw failure(metric, "\(predicted) predictions for \(actual) labels")
    }
  }

  private static func rows(
    _ metric: String, _ scores: [Float], _ classCount: Int
  ) throws(DataError) -> Int {
    guard classCount >= 1, scores.count % classCount == 0 else {
      throw failure(metric, "\(scores.count) scores are no rows of \(classCount)")
    }
    return scores.count / classCount
  }

  private static func checkClasses(
    _ metric: String, _ labels: [Int], _ classCount: Int
  ) throws(DataError) {
    if let label = labels.first(where: { $0 < 0 || $0 >= classCount }) {
      throw failure(metric, "class \(label) of \(classCount) does not exist")
    }
  }
}
