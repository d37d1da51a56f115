import GPUMLData
import GPUMLSystem
import GRDB

/// A statement that is being run. It lives and ends on its database's queue, as GRDB wants it.
final class SQLiteBlocks: DatabaseBlocks {
  /// A block ends with the row that reaches so many bytes and values.
  private static let mostBytes = 1 << 18
  private static let mostCells = 1 << 14

  private let rows: SQLiteRows
  private var cursor: RowCursor?

  /// - Throws: `DataError`, as where a query wants arguments.
  init(_ rows: SQLiteRows) throws(DataError) {
    self.rows = rows
    do {
      cursor = try rows.queue.unsafeRead { db in try Row.fetchCursor(db, sql: rows.sql) }
    } catch {
      throw SQLiteRows.dataError(error, file: rows.file)
    }
  }

  deinit { rows.queue.unsafeRead { _ in cursor = nil } }

  func next(after count: Int) throws(DataError) -> DatabaseBlock {
    do {
      return try rows.queue.unsafeRead { _ in try read(after: count) }
    } catch {
      throw SQLiteRows.dataError(error, file: rows.file)
    }
  }

  private func read(after count: Int) throws -> DatabaseBlock {
    var block = DatabaseBlock()
    var number = count
    while block.byteCount < SQLiteBlocks.mostBytes, block.cellCount < SQLiteBlocks.mostCells,
      let row = try cursor?.next()
    {
      number += 1
      let start = block.byteCount
      for column in rows.columnNames.indices {
        let value: DatabaseValue = row[column]
        switch value.storage {
        case .null: block.append()
        case .int64(let number): block.append("\(number)")
        case .double(let number): block.append("\(number)")
        case .string(let text): block.append(text)
        case .blob:
          throw failure(
            number,
            "column '\(rows.columnNames[column].excerpt())' holds a BLOB, which is no number, text "
              + "or date; name the columns to read in a query")
        }
        guard block.byteCount - start <= DatabaseDriver.longestRow else {
          throw failure(number, "a row longer than \(DatabaseDriver.longestRow) bytes")
        }
      }
    }
    return block
  }

  private func failure(_ row: Int, _ reason: String) -> DataError {
    .malformed(file: rows.file, line: row, reason: reason)
  }
}
