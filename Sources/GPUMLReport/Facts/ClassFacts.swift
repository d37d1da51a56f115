import GPUMLData

/// How classes were taken for each other: in full for up to 50 classes, else the classes that most
/// went wrong, with all others pooled.
public struct ClassFacts: Sendable, Equatable, Codable {
  /// How well one class was found.
  public struct Row: Sendable, Equatable, Codable {
    /// The class's name.
    public var name: String
    /// Precision, recall, F1 and the number of examples.
    public var report: ConfusionMatrix.ClassReport
  }

  /// How often one class was taken for another.
  public struct Pair: Sendable, Equatable, Codable {
    /// The class it was.
    public var actual: String
    /// The class it was taken for.
    public var predicted: String
    /// How often.
    public var count: Int
  }

  /// The most classes that are shown in full.
  public static let mostClasses = 50
  /// How many are shown beside a pool where there are more.
  static let mostPooled = 24
  static let mostPairs = 24

  /// The names of the rows and columns of `counts` but the pool's.
  public var names: [String]
  /// `counts[actual][predicted]`; of a pool, the last row and column.
  public var counts: [[Int]]
  /// The classes that are pooled; 0 if none are.
  public var pooled: Int
  /// The classes of `names`, in their order.
  public var rows: [Row]
  /// The most frequent mistakes, the most frequent first.
  public var pairs: [Pair]
  /// The mean of all classes' F1, each class counted alike.
  public var macroF1: Double

  /// Pools what is too much to show.
  ///
  /// - Parameters:
  ///   - confusion: All classes.
  ///   - classNames: Their names.
  public init(_ confusion: ConfusionMatrix, classNames: [String]) {
    let all = confusion.counts
    let reports = confusion.classReports
    let names = all.indices.map { $0 < classNames.count ? classNames[$0].cut : String($0) }
    macroF1 = reports.reduce(0) { $0 + $1.f1 } / Double(max(1, reports.count))
    var wrong: [(actual: Int, predicted: Int, count: Int)] = []
    var errors = [Int](repeating: 0, count: all.count)
    for (actual, row) in all.enumerated() {
      for (predicted, count) in row.enumerated() where count > 0 && actual != predicted {
        wrong.append((actual, predicted, count))
        errors[actual] += count
        errors[predicted] += count
      }
    }
    wrong.sort { ($1.count, $0.actual, $0.predicted) < ($0.count, $1.actual, $1.predicted) }
    pairs = wrong.prefix(ClassFacts.mostPairs).map {
      Pair(actual: names[$0.actual], predicted: names[$0.predicted], count: $0.count)
    }
    var shown = Array(all.indices)
    if all.count > ClassFacts.mostClasses {
      shown.sort { (errors[$1], $0) < (errors[$0], $1) }
      shown = shown.prefix(ClassFacts.mostPooled).sorted()
    }
    pooled = all.count - shown.count
    self.names = shown.map { names[$0] }
    rows = shown.map { Row(name: names[$0], report: reports[$0]) }
    let isPooled = pooled > 0
    var places = [Int](repeating: shown.count, count: all.count)
    for (place, index) in shown.enumerated() { places[index] = place }
    let size = shown.count + (isPooled ? 1 : 0)
    counts = [[Int]](repeating: [Int](repeating: 0, count: size), count: size)
    for (actual, row) in all.enumerated() {
      for (predicted, count) in row.enumerated() where count > 0 {
        counts[places[actual]][places[predicted]] += count
      }
    }
  }
}
