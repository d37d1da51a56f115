/// Reads the rows of a table one after the other.
struct TableReader {
  // One of the two; both are changed in place, so that their bytes are never copied.
  private var delimited: DelimitedReader?
  private var jsonLines: JSONLinesReader?
  private let file: String
  private let columnNames: [String]
  /// The number of rows read.
  private(set) var rowCount = 0

  init(_ reader: DelimitedReader, file: String, columnNames: [String]) {
    delimited = reader
    self.file = file
    self.columnNames = columnNames
  }

  init(_ reader: JSONLinesReader, file: String, columnNames: [String]) {
    jsonLines = reader
    self.file = file
    self.columnNames = columnNames
  }

  /// The bytes that the row's cells lie in.
  var bytes: [UInt8] { delimited?.bytes ?? jsonLines?.bytes ?? [] }

  /// The row's cells, one a column.
  var cells: [TableCell] { delimited?.cells ?? jsonLines?.cells ?? [] }

  /// The line on which the row begins.
  var line: Int { delimited?.line ?? jsonLines?.line ?? 0 }

  /// Reads the next row; false after the last.
  ///
  /// - Throws: `DataError.malformed` naming the line.
  mutating func next() throws(DataError) -> Bool {
    let isThere =
      if delimited != nil { try delimited?.next() } else { try jsonLines?.next() }
    guard isThere == true else { return false }
    rowCount += 1
    return true
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
