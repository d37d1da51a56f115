import Synchronization

/// Rows of a database that is open for reading, to be read again and again.
package protocol DatabaseRows: Sendable {
  /// The database, for errors.
  var file: String { get }
  /// The names of the columns as the database tells them; there is one.
  var columnNames: [String] { get }
  /// Reads the rows from the first one on.
  ///
  /// - Throws: `DataError`.
  func blocks() throws(DataError) -> any DatabaseBlocks
}

/// Gives the rows of a database some at a time.
package protocol DatabaseBlocks: AnyObject {
  /// The next rows; none at the end.
  ///
  /// - Parameter count: How many have been given, to number a row that is at fault.
  /// - Throws: `DataError`.
  func next(after count: Int) throws(DataError) -> DatabaseBlock
}

/// Some rows of a database.
package struct DatabaseBlock: Sendable {
  /// The texts of all values.
  var bytes: [UInt8] = []
  /// The cells of all rows, row by row, by their places in `bytes`.
  var cells: [TableCell] = []

  package init() {}

  /// The number of bytes of the values.
  package var byteCount: Int { bytes.count }
  /// The number of values.
  package var cellCount: Int { cells.count }

  /// Adds a value by its text; none of a missing value.
  package mutating func append(_ text: String = "") {
    let start = bytes.count
    bytes += text.utf8
    cells.append(TableCell(start: start, length: bytes.count - start))
  }
}

/// What opens databases: a program has it that asks for it, as `GPUMLDatabase` tells.
package enum DatabaseDriver {
  /// Opens the rows of an address.
  package typealias Open = @Sendable (SQLiteAddress) throws(DataError) -> any DatabaseRows

  /// The longest row taken, in bytes, as of a text file.
  package static let longestRow = DelimitedReader.longestRecord
  private static let driver = Mutex<Open?>(nil)

  /// Sets what opens databases from now on.
  package static func use(_ open: @escaping Open) { driver.withLock { $0 = open } }

  /// Opens the rows of an address.
  ///
  /// - Throws: `DataError`; `badAddress` in a program that opens no databases.
  static func rows(_ address: SQLiteAddress) throws(DataError) -> any DatabaseRows {
    guard let open = driver.withLock({ $0 }) else {
      throw .badAddress(
        address.path, reason: "databases are read by programs that call SQLite.enable()")
    }
    return try open(address)
  }
}
