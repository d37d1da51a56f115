import GPUMLData
import GPUMLSystem
import GRDB

/// Rows of an SQLite database that is open for reading only, to be read again and again.
struct SQLiteRows: DatabaseRows {
  /// How long a lock of another process is waited for.
  static let patience = 10.0
  private static let magic = Array("SQLite format 3\0".utf8)

  /// The database, for errors.
  let file: String
  /// The names of the columns as the database tells them.
  let columnNames: [String]
  let queue: DatabaseQueue
  let sql: String

  /// Opens the database and finds the columns.
  ///
  /// - Throws: `DataError`: `missing`, `unreadable`, or `malformed` if it is no database, if there is no
  ///   such table or column, or if the query is none that reads.
  init(_ address: SQLiteAddress) throws(DataError) {
    file = address.path
    try SQLiteRows.checkFile(address.path)
    do {
      var configuration = Configuration()
      configuration.readonly = true
      configuration.busyMode = .timeout(SQLiteRows.patience)
      queue = try DatabaseQueue(
        path: SQLiteRows.plain(address.path), configuration: configuration)
      let sql: String
      switch address.rows {
      case .query(let query): sql = query
      case .table(let name):
        try queue.unsafeRead { db in try SQLiteRows.checkTable(name, db, file: address.path) }
        sql = "SELECT * FROM \(name.asSQLIdentifier)"
      }
      self.sql = sql
      let names = try queue.unsafeRead { db in
        let statement = try db.makeStatement(sql: sql)
        return statement.isReadonly ? statement.columnNames : []
      }
      guard !names.isEmpty else {
        throw DataError.malformed(
          file: address.path, line: nil, reason: "the query gives no rows: it is no SELECT")
      }
      columnNames = names
    } catch {
      throw SQLiteRows.dataError(error, file: address.path)
    }
  }

  func blocks() throws(DataError) -> any DatabaseBlocks { try SQLiteBlocks(self) }

  /// The path in a form that SQLite takes for nothing but a file's.
  static func plain(_ path: String) -> String { path.hasPrefix("/") ? path : "./\(path)" }

  /// Refuses what is no file before it could block, and what is no database.
  private static func checkFile(_ path: String) throws(DataError) {
    let start: [UInt8]
    do throws(SystemError) {
      let file = try RandomAccessFile(path: path)
      start = try file.read(count: min(magic.count, file.byteCount), at: 0)
    } catch {
      throw DataError(error)
    }
    // An empty file is a database without tables.
    guard start.isEmpty || start == magic else {
      throw .malformed(file: path, line: nil, reason: "is no SQLite database")
    }
  }

  private static func checkTable(_ name: String, _ db: Database, file: String) throws {
    let names = try String.fetchAll(
      db,
      sql: "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name")
    if names.contains(where: { $0.lowercased() == name.lowercased() }) { return }
    let known = names.prefix(12).map { $0.excerpt(limit: 30) }.joined(separator: ", ")
    let more = names.count > 12 ? ", …" : ""
    throw DataError.malformed(
      file: file, line: nil,
      reason: "no table '\(name.excerpt())'; "
        + (names.isEmpty ? "there are none" : "there are \(known)\(more)"))
  }

  /// An error of the database in this module's words.
  static func dataError(_ error: any Error, file: String) -> DataError {
    guard let error = error as? DatabaseError else {
      return error as? DataError ?? .unreadable(file: file, reason: "\(error)")
    }
    let reason = error.message ?? "SQLite error \(error.resultCode.rawValue)"
    return switch error.resultCode.primaryResultCode {
    case .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_PERM,
      .SQLITE_FULL, .SQLITE_READONLY:
      .unreadable(file: file, reason: "cannot be read: \(reason)")
    default: .malformed(file: file, line: nil, reason: reason)
    }
  }
}

extension String {
  /// The name in the quotes of SQL.
  var asSQLIdentifier: String { "\"\(replacing("\"", with: "\"\""))\"" }
}
