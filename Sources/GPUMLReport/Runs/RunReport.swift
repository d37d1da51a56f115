#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import GPUMLSystem

/// A run as its folder tells it, and the page that shows it.
///
/// ```swift
/// let report = try RunReport(contentsOf: "runs/train")
/// print(report.bestEpoch, report.epochs.rows.count)
/// try report.html.write(toFile: "page.html", atomically: true, encoding: .utf8)
/// ```
/// It takes the folder alone: neither the data nor the device is needed again.
public struct RunReport: Sendable, Equatable {
  /// The file within a run's folder that holds the facts.
  public static let factsName = "report.json"
  /// The file within a run's folder that holds the page.
  public static let pageName = "report.html"

  /// No file of a run but its weights is larger.
  private static let mostBytes = 1 << 26

  /// The folder's path, as it was given.
  public let path: String
  /// What was asked for.
  public let settings: RunSettings
  /// What came of each epoch.
  public let epochs: EpochTable
  /// What a training leaves at its end; nil if it has not ended or has failed.
  public let facts: RunFacts?

  /// Reads a run's folder.
  ///
  /// - Throws: `ReportError`.
  public init(contentsOf path: String) throws(ReportError) {
    self.path = path
    let kind = try RunReport.wrapping { () throws(SystemError) in try FileBytes.kind(of: path) }
    guard let kind else { throw .missing(path: path) }
    guard kind == .folder else { throw .notARun(path: path, reason: "it is not a folder") }
    guard let arguments = try RunReport.text("args.yaml", in: path),
      let results = try RunReport.text("results.csv", in: path)
    else {
      throw .notARun(path: path, reason: "args.yaml or results.csv is not there")
    }
    settings = try RunSettings(arguments, file: path + "/args.yaml")
    epochs = try EpochTable(results, file: path + "/results.csv")
    let file = path + "/" + RunReport.factsName
    facts = try RunReport.text(RunReport.factsName, in: path).map { text throws(ReportError) in
      try RunFacts(json: text, file: file)
    }
  }

  /// The epoch whose weights were kept, counted from 1.
  public var bestEpoch: Int { facts.map(\.bestEpoch) ?? epochs.bestEpoch }

  /// The run's name for people: that of its folder.
  public var name: String {
    let last = path.split(separator: "/").last.map(String.init) ?? path
    guard last == "." || last == ".." else { return last }
    return URL(filePath: path).standardizedFileURL.lastPathComponent
  }

  /// The metrics of the best epoch and of the test examples, under the names that scripts read.
  public var metrics: [(name: String, value: Double)] {
    let told = ["epoch", "learning_rate", "seconds", "samples_per_second"]
    let best = epochs.columns.filter { !told.contains($0) }.compactMap { column in
      epochs.value(column, epoch: bestEpoch).map { (column, $0) }
    }
    guard let outcome = facts?.outcome, outcome.part == .test else { return best }
    return best + outcome.metrics.map { ("test_" + $0.name, $0.value) }
  }

  /// The metrics with, of a cross-validated run, the means over its folds of those that it lacks itself.
  var comparedMetrics: [(name: String, value: Double)] {
    let own = metrics
    let means = facts?.folds.map(\.means) ?? []
    return own
      + means.filter { mean in !own.contains { $0.name == mean.name } }.map { ($0.name, $0.value) }
  }

  private static func text(_ name: String, in folder: String) throws(ReportError) -> String? {
    let file = folder + "/" + name
    let bytes: [UInt8]
    do throws(SystemError) {
      bytes = try FileBytes.read(file, limit: mostBytes)
    } catch {
      if case .missing = error { return nil }
      throw ReportError(error)
    }
    if TextBytes.firstProblem(in: bytes) != nil {
      throw .malformed(file: file, line: nil, reason: "is no UTF-8 text")
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func wrapping<Value>(
    _ body: () throws(SystemError) -> Value
  ) throws(ReportError) -> Value {
    do throws(SystemError) {
      return try body()
    } catch {
      throw ReportError(error)
    }
  }
}
