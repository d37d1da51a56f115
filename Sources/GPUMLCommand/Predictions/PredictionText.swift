import GPUML

/// Predictions as text: CSV or TSV with a header, or a JSON object a row.
struct PredictionText: PredictionWriter {
  private let table: PredictionTable
  private let isJSON: Bool
  private let separator: String
  private let sink: ResultSink

  /// Begins the text; of CSV, with its header.
  init(_ table: PredictionTable, isJSON: Bool, separator: String = ",", to sink: ResultSink) {
    self.table = table
    self.isJSON = isJSON
    self.separator = separator
    self.sink = sink
    if !isJSON { sink.begin(with: row(table.columns.map(\.name))) }
  }

  func write(_ predictions: Predictions) throws {
    var text = ""
    for prediction in predictions.all {
      let cells = table.row(prediction)
      text += try isJSON ? json(cells) : csv(cells)
    }
    try sink.write(text)
  }

  func finish() throws { try sink.finish() }

  private func csv(_ cells: [PredictionTable.Cell]) -> String {
    row(
      cells.map { cell in
        switch cell {
        case .text(let text): text
        case .number(let number): "\(number)"
        }
      })
  }

  private func json(_ cells: [PredictionTable.Cell]) throws -> String {
    var line = JSONLine()
    for (column, cell) in zip(table.columns, cells) {
      switch cell {
      case .text(let text): line.add(column.name, text)
      case .number(let number): line.add(column.name, number)
      }
    }
    return try line.text() + "\n"
  }

  /// Cells as a line of CSV (RFC 4180).
  private func row(_ cells: [String]) -> String {
    cells.map(PredictionText.quoted).joined(separator: separator) + "\n"
  }

  /// A tab, a comma, a quote and line breaks.
  private static let special: Set<UInt8> = [0x09, 0x2C, 0x22, 0x0A, 0x0D]

  /// A cell, in quotes where it needs them.
  private static func quoted(_ cell: String) -> String {
    guard cell.utf8.contains(where: special.contains) else { return cell }
    return "\"\(cell.replacing("\"", with: "\"\""))\""
  }
}
