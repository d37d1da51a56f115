/// Predicted and true numbers: some of them, and how the errors of all are distributed.
public struct NumberFacts: Sendable, Equatable, Codable {
  /// A prediction and the truth.
  public struct Pair: Sendable, Equatable, Codable {
    /// The example's place in the source, counted from 1.
    public var example: Int
    /// The true number.
    public var actual: Double
    /// The predicted number.
    public var predicted: Double

    /// Puts both together.
    public init(example: Int, actual: Double, predicted: Double) {
      self.example = example
      self.actual = actual
      self.predicted = predicted
    }

    /// The prediction less the truth.
    public var residual: Double { predicted - actual }
  }

  static let mostPairs = 800
  static let mostOutliers = 8
  static let mostBins = 31

  /// Evenly chosen examples.
  public var pairs: [Pair]
  /// The examples that were most overestimated, the worst first.
  public var tooHigh: [Pair]
  /// The examples that were most underestimated, the worst first.
  public var tooLow: [Pair]
  /// The smallest residual.
  public var lowest: Double
  /// The largest residual.
  public var highest: Double
  /// How many residuals lie in each of as many equal parts of `lowest...highest`.
  public var bins: [Int]

  /// Chooses what is shown; pairs that are not finite are left out.
  public init(_ all: [Pair]) {
    let all = all.filter { $0.actual.isFinite && $0.predicted.isFinite && $0.residual.isFinite }
    let step = max(1, (all.count + NumberFacts.mostPairs - 1) / NumberFacts.mostPairs)
    pairs = stride(from: 0, to: all.count, by: step).map { all[$0] }
    let ordered = all.filter { $0.residual != 0 }.sorted { $0.residual > $1.residual }
    tooHigh = Array(ordered.prefix(NumberFacts.mostOutliers).prefix { $0.residual > 0 })
    tooLow = Array(ordered.reversed().prefix(NumberFacts.mostOutliers).prefix { $0.residual < 0 })
    let residuals = all.map(\.residual)
    lowest = residuals.min() ?? 0
    highest = residuals.max() ?? 0
    let count = max(
      1, min(NumberFacts.mostBins, Int(Double(all.count).squareRoot().rounded(.up))))
    bins = [Int](repeating: 0, count: count)
    let width = highest - lowest
    for residual in residuals {
      let place = width > 0 && width.isFinite ? (residual - lowest) / width * Double(count) : 0
      bins[min(count - 1, max(0, Int(place)))] += 1
    }
  }
}
