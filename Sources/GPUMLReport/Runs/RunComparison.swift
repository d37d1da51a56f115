/// Several runs side by side, and the page that shows them.
///
/// ```swift
/// let runs = try ["runs/train", "runs/train2"].map { try RunReport(contentsOf: $0) }
/// for setting in RunComparison(runs).differences { print(setting.key, setting.values) }
/// ```
public struct RunComparison: Sendable, Equatable {
  /// A setting that is not the same in all runs.
  public struct Difference: Sendable, Equatable {
    /// The setting's key.
    public let key: String
    /// The value in each run; nil where a run does not have the setting.
    public let values: [String?]
  }

  /// The runs in their order.
  public let runs: [RunReport]

  /// Puts runs side by side.
  public init(_ runs: [RunReport]) { self.runs = runs }

  /// The settings that are not the same in all runs, in the order of the first run that has them.
  public var differences: [Difference] {
    keys.compactMap { key in
      let values = runs.map { $0.settings[key] }
      return values.allSatisfy { $0 == values.first } ? nil : Difference(key: key, values: values)
    }
  }

  /// The keys of all runs.
  var keys: [String] {
    var seen: Set<String> = []
    return runs.flatMap { $0.settings.all.map(\.key) }.filter { seen.insert($0).inserted }
  }

  /// The metrics that runs have, those that choose the best epoch first and those of the training
  /// last.
  var metricNames: [String] {
    var seen: Set<String> = []
    let names = runs.flatMap { $0.comparedMetrics.map(\.name) }.filter { seen.insert($0).inserted }
    let parts = ["val_", "test_", "train_"].map { part in names.filter { $0.hasPrefix(part) } }
    let ordered = parts.flatMap { part in
      part.filter { !Reading.isBetterLower($0) } + part.filter { Reading.isBetterLower($0) }
    }
    return ordered + names.filter { !ordered.contains($0) }
  }

  /// The runs of the best value of a metric; empty where runs do not differ in it.
  func best(in metric: String) -> Set<Int> {
    let values = runs.map { run in run.comparedMetrics.first { $0.name == metric }?.value }
    let known = values.compactMap(\.self)
    guard let low = known.min(), let high = known.max(), low < high else { return [] }
    let best = Reading.isBetterLower(metric) ? low : high
    return Set(values.indices.filter { values[$0] == best })
  }
}
