import ArgumentParser

/// The least value that a metric must have.
struct MetricBound: ExpressibleByArgument, CustomStringConvertible {
  let metric: String
  let least: Double

  init?(argument: String) {
    let parts = argument.split(separator: "=", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, let least = Double(parts[1]), least.isFinite else {
      return nil
    }
    metric = String(parts[0])
    self.least = least
  }

  var description: String { "\(metric) >= \(least)" }

  /// Whether the metric is at least the value.
  ///
  /// - Throws: `CommandError.invalidFlag` if there is no such metric.
  func holds(for metrics: [(name: String, value: Double)]) throws -> Bool {
    guard let found = metrics.first(where: { $0.name == metric }) else {
      let known = metrics.map(\.name).joined(separator: ", ")
      throw CommandError.invalidFlag(
        name: "fail-under", reason: "no metric '\(metric)'; there are \(known)")
    }
    return found.value >= least
  }
}
