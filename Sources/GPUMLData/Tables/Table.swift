import GPUMLSystem

/// Whether the first row of a table names its columns.
public enum TableHeader: String, Sendable, Codable, CaseIterable {
  /// It does if one of its cells is neither a number nor missing.
  case automatic
  /// It does.
  case present
  /// It does not: the columns are called `column_1`, `column_2` and so on.
  case absent
}

/// A table, whose rows are read when they are wanted, as often as they are wanted; in memory is only
/// the row at hand.
package struct Table: Sendable {
  /// How the cells are found.
  private enum Content: Sendable {
    case delimited(ByteStream, by: UInt8)
    case jsonLines(ByteStream)
    case database(any DatabaseRows)
  }

  /// The file, for errors.
  package let file: String
  /// One unique name a column.
  package let columnNames: [String]
  /// Whether the names stand in the file.
  package let hasHeader: Bool

  private let content: Content
  private static let dialectPrefix = 1 << 16

  /// The number of columns.
  package var columnCount: Int { columnNames.count }

  /// Reads the names of the columns and looks at the first row.
  ///
  /// - Parameter header: Whether the first row of a CSV or TSV text names the columns.
  /// - Throws: `DataError.malformed` naming the line.
  package init(_ source: TableSource, header: TableHeader = .automatic) throws(DataError) {
    (self, _) = try Table.opening(source, header: header)
  }

  /// A table that lies in memory.
  ///
  /// - Throws: As `init(_:header:)`.
  package init(
    parsing bytes: [UInt8], file: String, header: TableHeader = .automatic
  ) throws(DataError) {
    try self.init(.text(.memory(bytes), file: file), header: header)
  }

  private init(
    _ content: Content, file: String, columnNames: [String], hasHeader: Bool
  ) {
    self.content = content
    self.file = file
    self.columnNames = columnNames
    self.hasHeader = hasHeader
  }

  /// Reads the names of the columns, and what reads the rows from the first one on.
  ///
  /// - Parameter expected: The columns that a JSON Lines text is to have where it can be read only
  ///   once, so that not all of its keys can be found first.
  /// - Throws: As `init(_:header:)`.
  static func opening(
    _ source: TableSource, header: TableHeader, expected: [String]? = nil
  ) throws(DataError) -> (table: Table, reader: TableReader) {
    switch source {
    case .database(let rows):
      let names = named(rows.columnNames)
      try checkNames(names, file: rows.file, line: nil)
      let table = Table(.database(rows), file: rows.file, columnNames: names, hasHeader: true)
      return (table, try table.checkedReader("has no rows"))
    case .text(let stream, let file):
      switch TextDialect(of: try stream.prefix(dialectPrefix), file: file) {
      case .jsonLines:
        var stream = stream
        if stream.isReadOnce, let expected {
          let table = Table(.jsonLines(stream), file: file, columnNames: expected, hasHeader: true)
          return (table, try table.checkedReader("is empty", findsColumns: true))
        }
        if stream.isReadOnce { stream = try stream.loaded() }
        let names = try keys(stream, file: file)
        let table = Table(.jsonLines(stream), file: file, columnNames: names, hasHeader: true)
        return (table, try table.checkedReader("is empty"))
      case .delimited(let delimiter):
        return try opening(stream, file: file, delimiter: delimiter, header: header)
      }
    }
  }

  private static func opening(
    _ stream: ByteStream, file: String, delimiter: UInt8, header: TableHeader
  ) throws(DataError) -> (table: Table, reader: TableReader) {
    var reader = try DelimitedReader(stream, file: file, delimiter: delimiter)
    guard try reader.next() else { throw .malformed(file: file, line: nil, reason: "is empty") }
    let (bytes, cells) = (reader.bytes, reader.cells)
    let isNamed =
      switch header {
      case .present: true
      case .absent: false
      case .automatic: Table.isHeader(cells, bytes)
      }
    let names = named(cells.map { isNamed ? $0.trimmedText(in: bytes) : "" })
    try checkNames(names, file: file, line: reader.line)
    if isNamed, try !reader.next() {
      throw .malformed(file: file, line: nil, reason: "has a header but no rows")
    }
    let table = Table(
      .delimited(stream, by: delimiter), file: file, columnNames: names, hasHeader: isNamed)
    return (table, TableReader(reader, file: file, columnNames: names, isAtRow: true))
  }

  /// Reads the rows from the first one on.
  func reader() throws(DataError) -> TableReader { try reader(findsColumns: false) }

  private func reader(findsColumns: Bool) throws(DataError) -> TableReader {
    switch content {
    case .database(let rows):
      return TableReader(try DatabaseReader(rows), file: file, columnNames: columnNames)
    case .jsonLines(let stream):
      let reader = try JSONLinesReader(
        stream, file: file, columnNames: columnNames, findsColumns: findsColumns)
      return TableReader(reader, file: file, columnNames: columnNames)
    case .delimited(let stream, let delimiter):
      var reader = try DelimitedReader(stream, file: file, delimiter: delimiter)
      if hasHeader { _ = try reader.next() }
      return TableReader(reader, file: file, columnNames: columnNames)
    }
  }

  /// Reads the rows, of which there must be one.
  private func checkedReader(
    _ reason: String, findsColumns: Bool = false
  ) throws(DataError) -> TableReader {
    var reader = try reader(findsColumns: findsColumns)
    guard try reader.readAhead() else { throw .malformed(file: file, line: nil, reason: reason) }
    return reader
  }

  /// The place of the column called `name`.
  ///
  /// - Throws: `DataError.malformed` naming the columns there are.
  package func index(ofColumn name: String) throws(DataError) -> Int {
    if let index = columnNames.firstIndex(of: name) { return index }
    let known = columnNames.prefix(12).map { $0.excerpt(limit: 30) }.joined(separator: ", ")
    let more = columnNames.count > 12 ? ", …" : ""
    throw .malformed(
      file: file, line: nil,
      reason: "no column '\(name.excerpt())'; there are \(known)\(more)")
  }

  /// All keys of all lines, in the order in which they come.
  private static func keys(_ stream: ByteStream, file: String) throws(DataError) -> [String] {
    var reader = try JSONLinesReader(stream, file: file, columnNames: [], findsColumns: true)
    var isEmpty = true
    while try reader.next() { isEmpty = false }
    guard !isEmpty else { throw .malformed(file: file, line: nil, reason: "is empty") }
    guard !reader.columnNames.isEmpty else {
      throw .malformed(file: file, line: nil, reason: "its objects have no members")
    }
    return reader.columnNames
  }

  /// The names, those that are empty replaced by `column_1` and so on.
  private static func named(_ names: [String]) -> [String] {
    names.enumerated().map { $1.isEmpty ? "column_\($0 + 1)" : $1 }
  }

  private static func checkNames(
    _ names: [String], file: String, line: Int?
  ) throws(DataError) {
    var seen: Set<String> = []
    for name in names where !seen.insert(name).inserted {
      throw .malformed(
        file: file, line: line, reason: "two columns are called '\(name.excerpt())'")
    }
  }

  private static func isHeader(_ cells: [TableCell], _ bytes: [UInt8]) -> Bool {
    cells.contains { cell in
      switch cell.value(in: bytes) {
      case .number, .missing, .outOfRange: false
      case .bool, .text: true
      }
    }
  }
}
