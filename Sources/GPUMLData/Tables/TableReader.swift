/// Reads the rows of a table one after the other.
struct TableReader {
  // One of these; they are changed in place, so that their bytes are never copied.
  private var delimited: DelimitedReader?
  private var jsonLines: JSONLinesReader?
  private var database: DatabaseReader?
  private let file: String
  private let columnNames: [String]
  /// The number of rows read.
  private(set) var rowCount = 0
  /// Whether the row that is next has been read.
  private var isAhead = false

  /// - Parameter isAtRow: Whether the reader has read the first row.
  init(_ reader: DelimitedReader, file: String, columnNames: [String], isAtRow: Bool = false) {
    delimited = reader
    isAhead = isAtRow
    self.file = file
    self.columnNames = columnNames
  }

  init(_ reader: JSONLinesReader, file: String, columnNames: [String]) {
    jsonLines = reader
    self.file = file
    self.columnNames = columnNames
  }

  init(_ reader: DatabaseReader, file: String, columnNames: [String]) {
    database = reader
    self.file = file
    self.columnNames = columnNames
  }

  /// The bytes that the row's cells lie in.
  var bytes: [UInt8] { delimited?.bytes ?? jsonLines?.bytes ?? database?.bytes ?? [] }

  /// The row's cells, one a column.
  var cells: [TableCell] { delimited?.cells ?? jsonLines?.cells ?? database?.cells ?? [] }

  /// The line on which the row begins; of a database the number of the row.
  var line: Int { delimited?.line ?? jsonLines?.line ?? database?.line ?? 0 }

  /// The columns that were expected and not found so far.
  var missingColumns: [String] { jsonLines?.missingColumns ?? [] }

  /// Whether the next row, or the end, has come, so that it need not be waited for.
  var isNextHere: Bool {
    isAhead || delimited?.isNextHere ?? jsonLines?.isNextHere ?? true
  }

  /// Reads the next row; false after the last.
  ///
  /// - Throws: `DataError.malformed` naming the line.
  mutating func next() throws(DataError) -> Bool {
    guard try readAhead() else { return false }
    isAhead = false
    rowCount += 1
    return true
  }

  /// Reads the next row without going to it; false if there is none.
  ///
  /// - Throws: As `next()`.
  mutating func readAhead() throws(DataError) -> Bool {
    if isAhead { return true }
    if delimited != nil {
      isAhead = try delimited?.next() == true
    } else if jsonLines != nil {
      isAhead = try jsonLines?.next() == true
    } else {
      isAhead = try database?.next() == true
    }
    return isAhead
  }

  /// The line on which a cell of the row begins.
  func line(ofColumn column: Int) -> Int {
    delimited?.line(of: cells[column]) ?? line
  }

  /// An error about one cell of the row.
  func failure(column: Int, _ reason: String) -> DataError {
    .malformed(
      file: file, line: line(ofColumn: column),
      reason: "column '\(columnNames[column].excerpt())': \(reason)")
  }

  /// An error about a cell that holds a number beyond the range of numbers.
  func outOfRange(column: Int) -> DataError {
    let text = cells[column].text(in: bytes).excerpt()
    return failure(column: column, "'\(text)' is out of the range of numbers")
  }
}
