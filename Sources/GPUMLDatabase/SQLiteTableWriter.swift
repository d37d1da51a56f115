import GPUMLData
import GPUMLSystem
import GRDB

/// Makes a table of an SQLite database; it appears whole at the end, or not at all.
///
/// Until then the rows lie in a temporary database of SQLite's own, so that the table may be made from
/// rows of the same database, which stays unlocked meanwhile.
package final class SQLiteTableWriter {
  /// A column's name and what it holds.
  package typealias Column = (name: String, isNumber: Bool)

  /// A cell.
  package enum Value: Sendable, Equatable {
    case text(String)
    case number(Double)
  }

  private let path: String
  private let table: String
  private let replaces: Bool
  private let definition: String
  private let insertion: String
  private let rows: DatabaseQueue

  /// Checks that the table can be made, and begins it.
  ///
  /// - Parameters:
  ///   - address: A database, which is made if there is none, and a table.
  ///   - columns: At least one.
  ///   - replaces: Whether a table of that name may be there; it is dropped at the end.
  /// - Throws: `DataError.badAddress` if a query is named; `SystemError.cannotCreate`.
  package init(_ address: SQLiteAddress, columns: [Column], replaces: Bool) throws {
    guard case .table(let table) = address.rows else {
      throw DataError.badAddress(
        "sqlite:\(address.path)", reason: "rows are written to a table, not to a query")
    }
    path = address.path
    self.table = table.asSQLIdentifier
    self.replaces = replaces
    definition =
      columns
      .map { "\($0.name.asSQLIdentifier) \($0.isNumber ? "REAL" : "TEXT")" }
      .joined(separator: ", ")
    insertion =
      "INSERT INTO \(self.table) VALUES ("
      + [String](repeating: "?", count: columns.count).joined(separator: ", ") + ")"
    do {
      try SQLiteTableWriter.check(path, table: table, replaces: replaces)
      // A file of SQLite's own without a name, as its documentation says of an empty path.
      rows = try DatabaseQueue(path: "")
      try rows.write { [self] db in
        try db.execute(sql: "CREATE TABLE \(self.table) (\(definition))")
      }
    } catch {
      throw SQLiteTableWriter.systemError(error) {
        .cannotCreate(path: address.path, reason: $0)
      }
    }
  }

  /// Adds rows of a value a column.
  ///
  /// - Throws: `SystemError.writeFailed`, as when the disk is full.
  package func append(_ values: [[Value]]) throws {
    try writing {
      try rows.write { db in
        let statement = try db.cachedStatement(sql: insertion)
        for row in values {
          let arguments = row.map { value -> any DatabaseValueConvertible in
            switch value {
            case .text(let text): text
            case .number(let number): number
            }
          }
          try statement.execute(arguments: StatementArguments(arguments))
        }
      }
    }
  }

  /// Puts the table into the database, in one transaction.
  ///
  /// - Throws: `SystemError.writeFailed`; then the database is as it was.
  package func finish() throws {
    let isNew = try FileBytes.kind(of: path) == nil
    do {
      try writing {
        try rows.writeWithoutTransaction { db in
          try db.execute(
            sql: "ATTACH DATABASE ? AS target", arguments: [SQLiteRows.plain(path)])
          defer { try? db.execute(sql: "DETACH DATABASE target") }
          try db.execute(
            sql: "PRAGMA busy_timeout = \(Int(SQLiteRows.patience * 1000))")
          try db.inTransaction(.immediate) {
            if replaces { try db.execute(sql: "DROP TABLE IF EXISTS target.\(table)") }
            try db.execute(sql: "CREATE TABLE target.\(table) (\(definition))")
            try db.execute(
              sql: "INSERT INTO target.\(table) SELECT * FROM main.\(table) ORDER BY rowid")
            return .commit
          }
        }
      }
    } catch {
      if isNew { FileBytes.remove(path) }
      throw error
    }
  }

  /// Finds out whether the table can be made, and leaves the database as it is.
  private static func check(_ path: String, table: String, replaces: Bool) throws {
    func failure(_ reason: String) -> SystemError { .cannotCreate(path: path, reason: reason) }
    switch try FileBytes.kind(of: path) {
    case nil: return try AtomicFile.checkWritable(path)
    case .folder?: throw failure("a folder has that name")
    case .special(let words)?: throw failure("it is \(words)")
    case .file?: break
    }
    var configuration = Configuration()
    configuration.busyMode = .timeout(SQLiteRows.patience)
    let target = try DatabaseQueue(path: SQLiteRows.plain(path), configuration: configuration)
    try target.inTransaction(.immediate) { db in
      let kind = try String.fetchOne(
        db, sql: "SELECT type FROM sqlite_master WHERE name = ? COLLATE NOCASE",
        arguments: [table])
      if let kind, kind != "table" || !replaces {
        let hint = kind == "table" ? "; --force replaces it" : ""
        throw failure("it has \(kind == "index" ? "an" : "a") \(kind) '\(table.excerpt())'\(hint)")
      }
      return .rollback
    }
  }

  private func writing(_ work: () throws -> Void) throws {
    do {
      try work()
    } catch {
      throw SQLiteTableWriter.systemError(error) {
        .writeFailed(path: path, reason: $0)
      }
    }
  }

  private static func systemError(
    _ error: any Error, _ make: (String) -> SystemError
  ) -> any Error {
    guard let error = error as? DatabaseError else { return error }
    return make(error.message ?? "SQLite error \(error.resultCode.rawValue)")
  }
}
