import GPUML
import GPUMLFormats

/// What a data source holds as a table of 80 columns or as JSON.
struct DataReport {
  private static let width = 80
  /// Longer names and lists of classes are cut short in the table, not in JSON.
  private static let mostNameWidth = 18
  private static let mostClasses = 12
  private static let mostTexts = 10

  private let summary: DataSummary

  init(_ summary: DataSummary) { self.summary = summary }

  func json() -> JSONLine {
    var line = JSONLine()
    line.add("source", summary.source)
    line.add("rows", summary.count)
    if let count = summary.testCount { line.add("test_rows", count) }
    if let array = summary.array {
      line.add("shape", .array(array.shape.map { .integer(Int64($0)) }))
      line.add("min", array.minimum)
      line.add("max", array.maximum)
    } else {
      line.add("columns", .array(summary.columns.map { json($0).value }))
    }
    if let duplicates = summary.duplicates { line.add("duplicates", duplicates) }
    if let target = summary.target { line.add("target", json(target).value) }
    line.add("leakage_suspects", .array(summary.restating.map { .string($0) }))
    line.add(
      "warnings", .array(summary.notes.filter(\.isWarning).map { .string($0.text) }))
    line.add("notes", .array(summary.notes.filter { !$0.isWarning }.map { .string($0.text) }))
    return line
  }

  private func json(_ column: ColumnProfile) -> JSONLine {
    var line = JSONLine()
    line.add("name", column.name)
    line.add("type", column.kind.rawValue)
    line.add("missing", column.missing)
    if column.values.isComplete { line.add("distinct", column.values.counts.count) }
    switch column.kind {
    case .integer, .double:
      line.add([
        ("min", column.minimum), ("max", column.maximum), ("mean", column.mean),
        ("std", column.deviation),
      ])
    case .date where column.present > 0:
      line.add("min", DateText.text(days: column.minimum))
      line.add("max", DateText.text(days: column.maximum))
    case .bool, .string, .date:
      let top = column.values.byFrequency.prefix(DataReport.mostTexts).map { text, count in
        var entry = JSONLine()
        entry.add("value", text)
        entry.add("count", count)
        return entry.value
      }
      line.add("top", .array(Array(top)))
    }
    return line
  }

  private func json(_ target: DataSummary.Target) -> JSONLine {
    var line = JSONLine()
    if let name = target.name { line.add("name", name) }
    line.add("task", target.classes == nil ? "regress" : "classify")
    line.add("missing", target.missing)
    guard let classes = target.classes else { return line }
    let rows = classes.map { label, count in
      var row = JSONLine()
      row.add("label", label)
      row.add("count", count)
      return row.value
    }
    line.add("classes", .array(rows))
    return line
  }

  /// Lines of at most 80 columns.
  var text: String {
    var lines = [headline]
    if !summary.columns.isEmpty { lines += [""] + table }
    if let target = summary.target { lines += [""] + self.target(target) }
    if !summary.notes.isEmpty { lines.append("") }
    for note in summary.notes {
      lines += TextTable.wrapped(
        (note.isWarning ? "warning: " : "note: ") + note.text, width: DataReport.width, indent: 2)
    }
    return lines.joined(separator: "\n")
  }

  private var headline: String {
    let name = summary.source.escapingControlCharacters()
    var facts = ["\(summary.count) " + (summary.columns.isEmpty ? "examples" : "rows")]
    if let array = summary.array {
      facts.append("each \(array.shape.map(String.init).joined(separator: " × "))")
      facts.append("\(array.minimum.significant) … \(array.maximum.significant)")
    } else {
      facts.append("\(summary.columns.count) columns")
    }
    if let count = summary.testCount { facts.append("\(count) to test on") }
    facts.append(
      summary.duplicates.map { $0 == 1 ? "1 duplicate" : "\($0) duplicates" }
        ?? "duplicates not counted")
    return "\(name): " + facts.joined(separator: ", ")
  }

  private var table: [String] {
    let rows = summary.columns.map { column in
      [
        TextTable.cut(column.name.escapingControlCharacters(), DataReport.mostNameWidth),
        column.kind.rawValue, String(column.missing),
        column.values.isComplete ? String(column.values.counts.count) : "many",
      ]
    }
    let lines = TextTable.lines([["column", "type", "missing", "distinct"]] + rows, leftColumns: 2)
    let start = (lines.map(\.count).max() ?? 0) + 2
    return zip(lines, ["values"] + summary.columns.map(values)).map { line, values in
      TextTable.cut(TextTable.padded(line, start) + values, DataReport.width)
    }
  }

  private func values(_ column: ColumnProfile) -> String {
    switch column.kind {
    case .integer, .double:
      guard column.minimum <= column.maximum else { return "" }
      return "\(column.minimum.significant) … \(column.maximum.significant), mean "
        + column.mean.significant
    case .date:
      return "\(DateText.text(days: column.minimum)) … \(DateText.text(days: column.maximum))"
    case .bool, .string:
      return column.values.byFrequency.prefix(DataReport.mostTexts)
        .map { "\(TextTable.cut($0.escapingControlCharacters(), 20)) \($1)" }
        .joined(separator: ", ")
    }
  }

  private func target(_ target: DataSummary.Target) -> [String] {
    let name = target.name.map { "target \($0.escapingControlCharacters())" } ?? "labels"
    guard let classes = target.classes else { return ["\(name): numbers"] }
    let total = max(1, classes.reduce(0) { $0 + $1.count })
    let shown = classes.prefix(DataReport.mostClasses).map { label, count in
      [
        "  " + TextTable.cut(label.escapingControlCharacters(), 30), String(count),
        (Double(count) / Double(total) * 100).fixed(1) + " %",
      ]
    }
    let more =
      classes.count > shown.count ? ["  … and \(classes.count - shown.count) more"] : []
    return [TextTable.cut("\(name): \(classes.count) classes", DataReport.width)]
      + TextTable.lines(shown) + more
  }
}
