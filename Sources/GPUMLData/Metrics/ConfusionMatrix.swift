/// How often each class was taken for each other.
public struct ConfusionMatrix: Sendable, Equatable {
  /// Precision, recall and F1 of one class.
  public struct ClassReport: Sendable, Equatable, Codable {
    /// Of what was predicted as the class, the share that is of it; 0 if nothing was.
    public let precision: Double
    /// Of what is of the class, the share that was predicted so; 0 if nothing is.
    public let recall: Double
    /// The harmonic mean of the two; 0 if both are.
    public let f1: Double
    /// The number of examples of the class.
    public let support: Int
  }

  /// Precision, recall and F1, each the mean over classes.
  public struct Average: Sendable, Equatable, Codable {
    /// The mean precision.
    public let precision: Double
    /// The mean recall.
    public let recall: Double
    /// The mean F1.
    public let f1: Double
  }

  /// `counts[actual][predicted]`.
  public private(set) var counts: [[Int]]

  /// The number of predictions counted.
  public private(set) var total = 0

  /// The number of right predictions.
  private var right = 0

  /// An empty matrix of so many classes.
  public init(classCount: Int) {
    let size = max(0, classCount)
    counts = [[Int]](repeating: [Int](repeating: 0, count: size), count: size)
  }

  /// - Parameter counts: Square, and their sum fits an `Int`.
  init(counts: [[Int]]) {
    self.counts = counts
    total = counts.joined().reduce(0, +)
    right = counts.indices.reduce(0) { $0 + counts[$1][$1] }
  }

  /// Counts predictions.
  ///
  /// - Throws: `DataError.invalidValue` if the counts differ or a class is out of range; then nothing
  ///   is counted.
  public mutating func add(predicted: [Int], actual: [Int]) throws {
    guard predicted.count == actual.count else {
      throw DataError.invalidValue(
        operation: "ConfusionMatrix",
        reason: "\(predicted.count) predictions for \(actual.count) labels")
    }
    for label in predicted + actual where label < 0 || label >= counts.count {
      throw DataError.invalidValue(
        operation: "ConfusionMatrix", reason: "class \(label) of \(counts.count) does not exist")
    }
    for (guess, truth) in zip(predicted, actual) {
      counts[truth][guess] += 1
      total += 1
      if guess == truth { right += 1 }
    }
  }

  /// The share of right predictions; NaN if there are none.
  public var accuracy: Double { Double(right) / Double(total) }

  /// One report a class.
  public var classReports: [ClassReport] {
    zip(counts.indices, predictedCounts).map { index, predicted in
      let right = Double(counts[index][index])
      let support = counts[index].reduce(0, +)
      let precision = predicted == 0 ? 0 : right / Double(predicted)
      let recall = support == 0 ? 0 : right / Double(support)
      let sum = precision + recall
      return ClassReport(
        precision: precision, recall: recall, f1: sum == 0 ? 0 : 2 * precision * recall / sum,
        support: support)
    }
  }

  /// The means over the classes that are in the labels or in the predictions, each class counting the
  /// same ("macro"); NaN if there are none.
  public var average: Average {
    let reports = zip(classReports, predictedCounts).filter { $0.support > 0 || $1 > 0 }.map(\.0)
    func mean(_ value: (ClassReport) -> Double) -> Double {
      reports.reduce(0) { $0 + value($1) } / Double(reports.count)
    }
    return Average(
      precision: mean { $0.precision }, recall: mean { $0.recall }, f1: mean { $0.f1 })
  }

  /// How often each class was predicted.
  private var predictedCounts: [Int] {
    counts.reduce(into: [Int](repeating: 0, count: counts.count)) { sums, row in
      for (index, count) in row.enumerated() { sums[index] += count }
    }
  }
}
