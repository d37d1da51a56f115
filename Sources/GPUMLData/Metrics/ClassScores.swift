/// What a classifier said of labelled examples, added up batch by batch.
///
/// Probabilities are kept for the area under the ROC curve alone, and up to a limit.
package struct ClassScores {
  /// The most probabilities that are kept: 256 MiB.
  private static let mostKept = 1 << 26

  let classCount: Int
  let topK: Int?
  private(set) var confusion: ConfusionMatrix
  private var withinTopK = 0
  private var probabilities: [Float] = []
  private var actual: [Int32] = []
  private let keepsProbabilities: Bool

  /// Begins.
  ///
  /// - Parameters:
  ///   - exampleCount: How many examples will be added.
  ///   - topK: Among how many of the highest scores the label is looked for; nil for what suits the
  ///     number of classes.
  package init(classCount: Int, exampleCount: Int, topK: Int? = nil) {
    self.classCount = classCount
    self.topK = topK ?? Evaluation.defaultTopK(classCount: classCount)
    confusion = ConfusionMatrix(classCount: classCount)
    let (count, overflow) = classCount.multipliedReportingOverflow(by: exampleCount)
    keepsProbabilities = !overflow && count <= ClassScores.mostKept
    if keepsProbabilities {
      // Arrays that grow would take up to three times as much for a while.
      probabilities.reserveCapacity(count)
      actual.reserveCapacity(exampleCount)
    }
  }

  /// Adds a batch.
  ///
  /// - Parameters:
  ///   - scores: Rows of scores, of which the highest is what is predicted.
  ///   - probabilities: Rows of probabilities.
  ///   - labels: The right classes.
  /// - Throws: `DataError.invalidValue` if the counts do not agree or a class is out of range.
  package mutating func add(
    scores: [Float], probabilities: [Float], labels: [Int32]
  ) throws {
    let classes = labels.map { Int($0) }
    try confusion.add(
      predicted: Metrics.argmax(scores, classCount: classCount), actual: classes)
    if let topK {
      withinTopK += try Metrics.topKCount(
        scores, actual: classes, classCount: classCount, k: topK)
    }
    guard keepsProbabilities else { return }
    self.probabilities += probabilities
    actual += labels
  }

  /// The share of examples whose label is among the highest scores.
  var topKAccuracy: Double? { topK.map { _ in Double(withinTopK) / Double(confusion.total) } }

  /// The area under the ROC curve; nil where it cannot be told.
  func rocAUC() throws -> Double? {
    guard keepsProbabilities else { return nil }
    return try Metrics.rocAUC(probabilities, labels: actual, classCount: classCount)
  }
}
