import GPUMLData

/// What came of the folds of a cross-validation.
public struct CrossValidation: Sendable, Equatable {
  /// What came of one fold.
  public struct Fold: Sendable, Equatable, Codable {
    /// The epoch whose weights were measured, counted from 1.
    public let bestEpoch: Int
    /// Measures on the examples that the fold left out.
    public let validation: Evaluation
  }

  /// The mean of a metric over the folds, and how far they are from it.
  public struct Summary: Sendable, Equatable {
    /// The metric under the name that scripts read, such as `val_accuracy`.
    public let name: String
    /// The mean over the folds that have the metric.
    public let mean: Double
    /// The sample's standard deviation over them.
    public let deviation: Double
  }

  /// The folds in their order.
  public let folds: [Fold]

  /// The metrics that any fold has.
  public var summaries: [Summary] {
    var names: [String] = []
    for fold in folds {
      for metric in fold.metrics where !names.contains(metric.name) { names.append(metric.name) }
    }
    return names.map { name in
      let values = folds.compactMap { fold in fold.metrics.first { $0.name == name }?.value }
      let mean = values.reduce(0, +) / Double(values.count)
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return Summary(
        name: name, mean: mean,
        deviation: values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : 0)
    }
  }

  /// The epochs that a training on all examples takes: as many as the folds' best on average.
  public var epochs: Int {
    let total = folds.reduce(0) { $0 + $1.bestEpoch }
    return max(1, Int((Double(total) / Double(max(1, folds.count))).rounded()))
  }
}

extension CrossValidation.Fold {
  /// The metrics under the names that scripts read.
  public var metrics: [(name: String, value: Double)] { validation.metrics(prefix: "val_") }
}

extension CrossValidation {
  /// The content of `folds.csv`: a row a fold, then their mean and deviation.
  var table: String {
    let summaries = summaries
    func line(_ name: String, _ epoch: String, _ value: (String) -> Double?) -> String {
      ([name, epoch] + summaries.map { value($0.name).map { "\($0)" } ?? "" })
        .joined(separator: ",") + "\n"
    }
    func told(_ key: KeyPath<Summary, Double>) -> (String) -> Double? {
      { name in summaries.first { $0.name == name }?[keyPath: key] }
    }
    let header = (["fold", "best_epoch"] + summaries.map(\.name)).joined(separator: ",") + "\n"
    let rows = folds.enumerated().map { place, fold in
      line("\(place + 1)", "\(fold.bestEpoch)") { name in
        fold.metrics.first { $0.name == name }?.value
      }
    }
    return header + rows.joined() + line("mean", "", told(\.mean))
      + line("deviation", "", told(\.deviation))
  }
}
