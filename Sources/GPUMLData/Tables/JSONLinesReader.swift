import GPUMLJSON
import GPUMLSystem

/// Reads JSON Lines: an object a line, whose values are texts, numbers, truth values or null.
///
/// The values become cells of the same texts, so that what they mean is found out as in a CSV file.
struct JSONLinesReader {
  private let file: String
  private var window: TextWindow
  private var places: [String: Int]
  private let findsColumns: Bool
  private var missing: Set<String>
  private var nextLine = 1
  /// The columns; those found so far behind those that were given.
  private(set) var columnNames: [String]
  /// The texts of the line's values.
  private(set) var bytes: [UInt8] = []
  /// The cells of the line, by their places in `bytes`; empty where the line lacks a key.
  private(set) var cells: [TableCell] = []
  /// The line.
  private(set) var line = 0

  /// - Parameters:
  ///   - columnNames: The columns, whether they come or not.
  ///   - findsColumns: Whether other keys become columns; else they are left out.
  init(
    _ stream: ByteStream, file: String, columnNames: [String], findsColumns: Bool
  ) throws(DataError) {
    self.file = file
    self.columnNames = columnNames
    self.findsColumns = findsColumns
    missing = Set(columnNames)
    places = Dictionary(
      columnNames.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    window = try TextWindow(stream)
  }

  /// The columns given of which no line read so far has the key; unless columns are found, all of them
  /// are taken to be there.
  var missingColumns: [String] { findsColumns ? columnNames.filter { missing.contains($0) } : [] }

  /// Whether the next line has come.
  var isNextHere: Bool { window.hasLine }

  /// Reads the next object; blank lines are left out. False after the last.
  ///
  /// - Throws: `DataError.malformed` with the line.
  mutating func next() throws(DataError) -> Bool {
    while let text = try nextLineText() {
      if text.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
      do throws(StrictJSON.Failure) {
        try readObject(JSONScanner(text))
      } catch {
        throw failure("\(error.reason) at byte \(error.offset + 1) of the line")
      }
      return true
    }
    return false
  }

  private func failure(_ reason: String) -> DataError {
    .malformed(file: file, line: line, reason: reason)
  }

  private mutating func nextLineText() throws(DataError) -> [UInt8]? {
    while true {
      let end = TextBytes.firstIndex(
        of: 0x0A, or: 0x0A, in: window.bytes, from: window.position)
      if end == window.bytes.count, !window.isAtEnd {
        guard end - window.position <= DelimitedReader.longestRecord else {
          line = nextLine
          throw failure("a line longer than \(DelimitedReader.longestRecord) bytes")
        }
        try window.extend()
        continue
      }
      if window.position == window.bytes.count { return nil }
      let text = Array(window.bytes[window.position..<end])
      window.position = min(end + 1, window.bytes.count)
      line = nextLine
      nextLine += 1
      return text
    }
  }

  private mutating func readObject(_ text: JSONScanner) throws(StrictJSON.Failure) {
    var scanner = text
    bytes.removeAll(keepingCapacity: true)
    cells = [TableCell](repeating: TableCell(start: 0, length: 0), count: columnNames.count)
    var seen: Set<String> = []
    guard try scanner.peek() == .objectStart else { throw scanner.unexpected("an object") }
    try scanner.beginObject()
    while let key = try scanner.nextKey(isFirst: seen.isEmpty) {
      guard seen.insert(key.text).inserted else { throw key.duplicate }
      let start = bytes.count
      try readValue(of: key, &scanner)
      let cell = TableCell(start: start, length: bytes.count - start)
      if let place = places[key.text] {
        cells[place] = cell
        if findsColumns, !missing.isEmpty { missing.remove(key.text) }
      } else if findsColumns {
        guard columnNames.count < DelimitedReader.mostColumns else {
          throw scanner.failure("more than \(DelimitedReader.mostColumns) keys", at: key.offset)
        }
        places[key.text] = columnNames.count
        columnNames.append(key.text)
        cells.append(cell)
      }
    }
    try scanner.finish()
  }

  private mutating func readValue(
    of key: JSONScanner.Key, _ scanner: inout JSONScanner
  ) throws(StrictJSON.Failure) {
    switch try scanner.peek() {
    case .string: bytes += try scanner.string().utf8
    case .number:
      // Its own digits: a double would lose some of a long whole number.
      let start = scanner.position
      _ = try scanner.number()
      bytes += scanner.bytes[start..<scanner.position]
    case .literal:
      if case .bool(let value) = try scanner.literal() { bytes += (value ? "true" : "false").utf8 }
    case .objectStart, .arrayStart:
      throw scanner.failure(
        "'\(key.text.excerpt())' is no text, number, true, false or null", at: key.offset)
    }
  }
}
