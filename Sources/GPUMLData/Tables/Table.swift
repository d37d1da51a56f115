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

/// A table in a text, CSV, TSV or JSON Lines, whose rows are read when they are wanted, as often as
/// they are wanted; in memory is only the row at hand.
package struct Table: Sendable {
  /// The file, for errors.
  package let file: String
  /// One unique name a column.
  package let columnNames: [String]
  /// Whether the names stand in the file.
  package let hasHeader: Bool
  /// How the cells are told apart.
  package let dialect: TextDialect
  /// The size of the text in bytes.
  package var byteCount: Int { stream.count }

  private let stream: ByteStream
  private static let dialectPrefix = 1 << 16

  /// The number of columns.
  package var columnCount: Int { columnNames.count }

  /// Reads the names of the columns and looks at the first row.
  ///
  /// - Parameters:
  ///   - file: The name for errors.
  ///   - dialect: By default told by the name or the first line.
  /// - Throws: `DataError.malformed` naming the line.
  package init(
    _ stream: ByteStream, file: String, header: TableHeader = .automatic,
    dialect: TextDialect? = nil
  ) throws(DataError) {
    self.stream = stream
    self.file = file
    let start = try stream.read(at: 0, most: Table.dialectPrefix)
    self.dialect = dialect ?? TextDialect(of: start, file: file)
    switch self.dialect {
    case .jsonLines:
      hasHeader = true
      columnNames = try Table.keys(stream, file: file)
    case .delimited(let delimiter):
      var reader = try DelimitedReader(stream, file: file, delimiter: delimiter)
      guard try reader.next() else {
        throw .malformed(file: file, line: nil, reason: "is empty")
      }
      let (bytes, cells) = (reader.bytes, reader.cells)
      hasHeader =
        switch header {
        case .present: true
        case .absent: false
        case .automatic: Table.isHeader(cells, bytes)
        }
      let isNamed = hasHeader
      columnNames = cells.enumerated().map { column, cell in
        let name = isNamed ? cell.trimmedText(in: bytes) : ""
        return name.isEmpty ? "column_\(column + 1)" : name
      }
      try Table.checkNames(columnNames, file: file, line: reader.line)
      if hasHeader, try !reader.next() {
        throw .malformed(file: file, line: nil, reason: "has a header but no rows")
      }
    }
  }

  /// A table that lies in memory.
  ///
  /// - Throws: As `init(_:file:header:dialect:)`.
  package init(
    parsing bytes: [UInt8], file: String, header: TableHeader = .automatic
  ) throws(DataError) {
    try self.init(.memory(bytes), file: file, header: header)
  }

  /// Reads the rows from the first one on.
  func reader() throws(DataError) -> TableReader {
    switch dialect {
    case .jsonLines:
      return TableReader(
        try JSONLinesReader(stream, file: file, columnNames: columnNames), file: file,
        columnNames: columnNames)
    case .delimited(let delimiter):
      var reader = try DelimitedReader(stream, file: file, delimiter: delimiter)
      if hasHeader { _ = try reader.next() }
      return TableReader(reader, file: file, columnNames: columnNames)
    }
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
    var reader = try JSONLinesReader(stream, file: file, columnNames: nil)
    var isEmpty = true
    while try reader.next() { isEmpty = false }
    guard !isEmpty else { throw .malformed(file: file, line: nil, reason: "is empty") }
    guard !reader.columnNames.isEmpty else {
      throw .malformed(file: file, line: nil, reason: "its objects have no members")
    }
    return reader.columnNames
  }

  private static func checkNames(
    _ names: [String], file: String, line: Int
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
