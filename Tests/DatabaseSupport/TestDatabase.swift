import GRDB

/// An SQLite database that a test makes and looks into.
package struct TestDatabase {
  private let queue: DatabaseQueue

  /// Opens or makes the database at a path.
  package init(_ path: String) throws { queue = try DatabaseQueue(path: path) }

  /// Runs statements.
  package func run(_ sql: String) throws {
    try queue.writeWithoutTransaction { db in try db.execute(sql: sql) }
  }

  /// The rows of a query, their values as texts; `NULL` for a missing one.
  package func rows(_ sql: String) throws -> [[String]] {
    try queue.read { db in
      try Row.fetchAll(db, sql: sql).map { row in
        row.databaseValues.map { String.fromDatabaseValue($0) ?? "\($0)" }
      }
    }
  }
}
