import ArgumentParser
import GPUML

/// A value that a metric must reach or must not pass.
struct MetricBound: ExpressibleByArgument {
  /// Which values fail.
  enum Side: String {
    case under = "fail-under"
    case over = "fail-over"
  }

  let metric: String
  let value: Double

  init?(argument: String) {
    let parts = argument.split(separator: "=", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, let value = Double(parts[1]), value.isFinite else {
      return nil
    }
    metric = String(parts[0])
    self.value = value
  }

  /// What should hold, such as `accuracy >= 0.9`.
  func text(_ side: Side) -> String { "\(metric) \(side == .under ? ">=" : "<=") \(value)" }

  /// Whether the metric is on the right side of the value, or is it.
  ///
  /// - Throws: `CommandError.invalidFlag` if there is no such metric, or the other side of it is the better
  ///   one.
  func holds(_ side: Side, for metrics: [(name: String, value: Double)]) throws -> Bool {
    guard let found = metrics.first(where: { $0.name == metric }) else {
      let known = metrics.map(\.name).joined(separator: ", ")
      throw CommandError.invalidFlag(
        name: side.rawValue, reason: "no metric '\(metric)'; there are \(known)")
    }
    let better: Side = Reading.isBetterLower(metric) ? .over : .under
    if side != better {
      throw CommandError.invalidFlag(
        name: side.rawValue,
        reason: "the \(better == .over ? "smaller" : "larger") \(metric) is the better; "
          + "there is --\(better.rawValue)")
    }
    return side == .under ? found.value >= value : found.value <= value
  }
}
