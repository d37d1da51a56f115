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

/// A parsed CSV or TSV text; its cells are read from the bytes when asked for.
package struct Table: Sendable {
  /// The file, for errors.
  package let file: String
  /// One unique name a column.
  package let columnNames: [String]
  /// Whether the names stand in the file.
  package let hasHeader: Bool
  /// The rows of data, the header not counted.
  package let rowCount: Int

  private let bytes: [UInt8]
  private let cells: [TableCell]

  /// The number of columns.
  package var columnCount: Int { columnNames.count }

  /// Parses a whole text.
  ///
  /// - Parameters:
  ///   - file: The name for errors.
  ///   - delimiter: By default a tab if the name ends in `.tsv` or `.tab` (before `.gz`), or if the
  ///     first line has tabs and no comma; else a comma.
  /// - Throws: `DataError.malformed` naming the line.
  package init(
    parsing bytes: [UInt8], file: String, header: TableHeader = .automatic,
    delimiter: UInt8? = nil
  ) throws(DataError) {
    let delimiter = delimiter ?? Table.delimiter(of: bytes, file: file)
    let (cells, columns) = try TableScanner.scan(bytes, file: file, delimiter: delimiter)
    guard columns > 0 else { throw .malformed(file: file, line: nil, reason: "is empty") }
    let hasHeader =
      switch header {
      case .present: true
      case .absent: false
      case .automatic: Table.isHeader(cells.prefix(columns), bytes)
      }
    self.file = file
    self.bytes = bytes
    self.cells = cells
    self.hasHeader = hasHeader
    rowCount = cells.count / columns - (hasHeader ? 1 : 0)
    let names = (0..<columns).map { column in
      let name = hasHeader ? Table.text(cells[column], bytes) : ""
      let first = name.firstIndex { $0 != " " && $0 != "\t" }
      let last = name.lastIndex { $0 != " " && $0 != "\t" }
      guard let first, let last else { return "column_\(column + 1)" }
      return String(name[first...last])
    }
    var seen: Set<String> = []
    for name in names where !seen.insert(name).inserted {
      throw .malformed(
        file: file, line: 1, reason: "two columns are called '\(name.excerpt())'")
    }
    columnNames = names
    guard rowCount > 0 else {
      throw .malformed(file: file, line: nil, reason: "has a header but no rows")
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

  /// The text of a cell, doubled quotes made single.
  package func text(row: Int, column: Int) -> String {
    Table.text(cell(row, column), bytes)
  }

  /// The line of the file on which a row of data begins.
  package func line(row: Int) -> Int {
    TextBytes.lineFeeds(in: bytes, before: cell(row, 0).start) + 1
  }

  /// An error about one cell.
  package func failure(row: Int, column: Int, _ reason: String) -> DataError {
    let line = TextBytes.lineFeeds(in: bytes, before: cell(row, column).start) + 1
    return .malformed(
      file: file, line: line, reason: "column '\(columnNames[column].excerpt())': \(reason)")
  }

  /// What a cell's text is.
  func value(row: Int, column: Int) -> CellValue {
    let cell = cell(row, column)
    return NumberText.classify(bytes, from: cell.start, to: cell.end)
  }

  private func cell(_ row: Int, _ column: Int) -> TableCell {
    cells[(row + (hasHeader ? 1 : 0)) * columnNames.count + column]
  }

  private static func text(_ cell: TableCell, _ bytes: [UInt8]) -> String {
    let raw = bytes[cell.start..<cell.end]
    guard cell.hasDoubledQuotes else { return String(decoding: raw, as: UTF8.self) }
    var single: [UInt8] = []
    var index = raw.startIndex
    while index < raw.endIndex {
      single.append(raw[index])
      index += raw[index] == UInt8(ascii: "\"") ? 2 : 1
    }
    return String(decoding: single, as: UTF8.self)
  }

  private static func isHeader(_ cells: ArraySlice<TableCell>, _ bytes: [UInt8]) -> Bool {
    cells.contains { cell in
      switch NumberText.classify(bytes, from: cell.start, to: cell.end) {
      case .number, .missing, .outOfRange: false
      case .bool, .text: true
      }
    }
  }

  private static func delimiter(of bytes: [UInt8], file: String) -> UInt8 {
    let tab = UInt8(ascii: "\t")
    let comma = UInt8(ascii: ",")
    var name = Substring(file.lowercased())
    if name.hasSuffix(".gz") { name = name.dropLast(3) }
    if name.hasSuffix(".tsv") || name.hasSuffix(".tab") { return tab }
    let line = bytes.prefix { $0 != 0x0A }
    return line.contains(tab) && !line.contains(comma) ? tab : comma
  }
}
