import GPUML
import GPUMLDatabase

/// Predictions as a table of a database.
struct PredictionRows: PredictionWriter {
  private let table: PredictionTable
  private let writer: SQLiteTableWriter

  /// - Parameter replaces: Whether a table of that name may be there.
  init(_ table: PredictionTable, to address: SQLiteAddress, replaces: Bool) throws {
    self.table = table
    writer = try SQLiteTableWriter(address, columns: table.columns, replaces: replaces)
  }

  func write(_ predictions: Predictions) throws {
    try writer.append(
      predictions.all.map { prediction in
        table.row(prediction).map { cell in
          switch cell {
          case .text(let text): .text(text)
          // The shortest digits that read back the same, as in CSV.
          case .number(let number): .number(Double("\(number)") ?? Double(number))
          }
        }
      })
  }

  func finish() throws { try writer.finish() }
}
