import GPUML
import GPUMLFormats

/// The measures of a model as a table or as JSON.
struct EvaluationReport {
  /// Larger matrices are told in JSON alone.
  private static let mostClasses = 12

  private let evaluation: Evaluation
  private let classNames: [String]

  init(_ evaluation: Evaluation, classNames: [String]) {
    self.evaluation = evaluation
    self.classNames = classNames
  }

  /// The metrics by the names that scripts read.
  var metrics: [(name: String, value: Double)] {
    evaluation.metrics(prefix: "").filter { evaluation.confusion != nil || $0.name != "loss" }
  }

  func json() -> JSONLine {
    var line = JSONLine()
    let first = ["accuracy", "loss"].flatMap { name in metrics.filter { $0.name == name } }
    line.add(first + metrics.filter { metric in !first.contains { $0.name == metric.name } })
    guard let confusion = evaluation.confusion else { return line }
    line.add(
      "confusion",
      .array(confusion.counts.map { .array($0.map { .integer(Int64($0)) }) }))
    let reports = zip(classNames, confusion.classReports).map { name, report in
      var row = JSONLine()
      row.add("label", name)
      row.add("precision", report.precision)
      row.add("recall", report.recall)
      row.add("f1", report.f1)
      row.add("support", report.support)
      return row.value
    }
    line.add("per_class", .array(reports))
    return line
  }

  /// Lines of at most 80 columns, unless a class's name is long.
  var text: String {
    let width = max(8, metrics.map(\.name.count).max() ?? 0) + 2
    var lines = [TextTable.padded("examples", width) + "\(evaluation.count)"]
    lines += metrics.map { TextTable.padded($0.name, width) + $0.value.fixed(4) }
    guard let confusion = evaluation.confusion else { return lines.joined(separator: "\n") }
    let rows = zip(classNames, confusion.classReports).map { name, report in
      [
        name, report.precision.fixed(4), report.recall.fixed(4), report.f1.fixed(4),
        String(report.support),
      ]
    }
    lines += [""] + TextTable.lines([["class", "precision", "recall", "f1", "support"]] + rows)
    if classNames.count <= EvaluationReport.mostClasses {
      let names = classNames.map { String($0.prefix(5)) }
      let counts = zip(names, confusion.counts).map { [$0] + $1.map { String($0) } }
      lines += ["", "actual (rows) taken for (columns)"] + TextTable.lines([[""] + names] + counts)
    }
    return lines.joined(separator: "\n")
  }
}
