import GPUMLSystem

/// Reads the records of a delimited text (RFC 4180) one after the other, without looking at what
/// their cells say; only the record at hand is in memory.
struct DelimitedReader {
  /// The longest record taken, in bytes.
  static let longestRecord = 64 << 20
  /// The most columns taken: more are surely not a table, and each costs memory.
  static let mostColumns = 1 << 20

  private let file: String
  private let delimiter: UInt8
  private let longestRecord: Int
  private var window: TextWindow
  /// The cells of the record, by their places in `bytes`.
  private(set) var cells: [TableCell] = []
  /// The line on which the record begins.
  private(set) var line = 0
  /// The number of cells of every record; 0 before the first.
  private var columns = 0
  private var nextLine = 1
  /// Blank lines of a table of one column: missing values, unless only blank lines follow.
  private var blanks = 0

  /// The bytes that the cells lie in.
  var bytes: [UInt8] { window.bytes }

  init(
    _ stream: ByteStream, file: String, delimiter: UInt8, longestRecord: Int = longestRecord
  ) throws(DataError) {
    self.file = file
    self.delimiter = delimiter
    self.longestRecord = longestRecord
    window = try TextWindow(stream)
  }

  /// Whether the next record has come as far as its lines tell; one with a line break in quotes may yet
  /// be waited for.
  var isNextHere: Bool { blanks > 0 || window.hasLine }

  /// Reads the next record; false after the last.
  ///
  /// - Throws: `DataError.malformed` with the line: NUL, invalid UTF-8, a ragged row, an
  ///   unterminated quote, a record beyond `longestRecord`.
  mutating func next() throws(DataError) -> Bool {
    if blanks == 0 {
      while true {
        if window.position == window.bytes.count {
          if window.isAtEnd { return false }
          try window.extend()
          continue
        }
        guard let length = try lineBreak() else { break }
        window.position += length
        nextLine += 1
        if columns == 1 { blanks += 1 }
      }
    }
    if blanks > 0 {
      line = nextLine - blanks
      cells = [TableCell(start: window.position, length: 0)]
      blanks -= 1
      return true
    }
    line = nextLine
    try readRecord()
    return true
  }

  /// The bytes of the line break at the window's position, or nil if none is there.
  private mutating func lineBreak() throws(DataError) -> Int? {
    let start = window.position
    if window.bytes[start] == 0x0A { return 1 }
    guard window.bytes[start] == 0x0D else { return nil }
    if start + 1 == window.bytes.count, !window.isAtEnd { try window.extend() }
    let next = window.position + 1
    return next < window.bytes.count && window.bytes[next] == 0x0A ? 2 : nil
  }

  private mutating func readRecord() throws(DataError) {
    while true {
      let end: Int?
      do throws(DataError) {
        end = try scan()
      } catch {
        // What is no text is told first: its quotes and commas mean nothing.
        try checkText(to: window.bytes.count)
        throw error
      }
      if let end {
        try checkText(to: end)
        nextLine += TextBytes.lineFeeds(in: window.bytes, from: window.position, to: end)
        window.position = end
        if columns == 0 { columns = cells.count }
        return
      }
      let length = window.bytes.count - window.position
      guard length <= longestRecord else { throw tooLong() }
      try window.extend()
    }
  }

  /// Finds the cells of the record at the window's position.
  ///
  /// - Returns: Where the next record begins; nil if the window ends before.
  private mutating func scan() throws(DataError) -> Int? {
    let bytes = window.bytes
    let isAtEnd = window.isAtEnd
    let limit = columns == 0 ? Self.mostColumns : columns
    let start = window.position
    var index = start
    cells.removeAll(keepingCapacity: true)
    while true {
      guard cells.count < limit else { throw tooWide() }
      if index < bytes.count, bytes[index] == UInt8(ascii: "\"") {
        guard let end = try scanQuoted(bytes, index) else { return nil }
        index = end
      } else {
        let first = index
        index = TextBytes.firstIndex(of: delimiter, or: 0x0A, in: bytes, from: first)
        if index == bytes.count, !isAtEnd { return nil }
        var end = index
        if index < bytes.count, bytes[index] == 0x0A, end > first, bytes[end - 1] == 0x0D {
          end -= 1
        }
        guard end - start <= longestRecord else { throw tooLong() }
        cells.append(TableCell(start: first, length: end - first))
      }
      guard index < bytes.count, bytes[index] == delimiter else { break }
      index += 1
    }
    if columns > 0, cells.count != columns {
      throw failure(at: start, "\(cells.count) columns where the first row has \(columns)")
    }
    if index < bytes.count, bytes[index] == 0x0D { index += 1 }
    return min(index + 1, bytes.count)
  }

  /// Adds the quoted cell at `index`.
  ///
  /// - Returns: The place behind the closing quote; nil if the window ends before it is sure.
  private mutating func scanQuoted(_ bytes: [UInt8], _ index: Int) throws(DataError) -> Int? {
    let quote = UInt8(ascii: "\"")
    let first = index + 1
    var end = first
    var doubled = false
    while true {
      end = TextBytes.firstIndex(of: quote, or: quote, in: bytes, from: end)
      if end + 1 >= bytes.count, !window.isAtEnd { return nil }
      guard end < bytes.count else {
        throw failure(at: index, "a quote that opens in column \(cells.count + 1) is never closed")
      }
      guard end + 1 < bytes.count, bytes[end + 1] == quote else { break }
      doubled = true
      end += 2
    }
    guard end - window.position <= longestRecord else { throw tooLong() }
    cells.append(TableCell(start: first, length: end - first, hasDoubledQuotes: doubled))
    let next = end + 1
    if next == bytes.count || bytes[next] == delimiter || bytes[next] == 0x0A { return next }
    if bytes[next] == 0x0D {
      if next + 1 == bytes.count, !window.isAtEnd { return nil }
      if next + 1 < bytes.count, bytes[next + 1] == 0x0A { return next }
    }
    throw failure(at: next, "text after a closing quote in column \(cells.count)")
  }

  private func checkText(to end: Int) throws(DataError) {
    switch TextBytes.firstProblem(in: window.bytes, from: window.position, to: end) {
    case .nul(let offset):
      throw failure(at: offset, "a NUL byte, byte \(byteOfLine(offset)): not a text file")
    case .invalidUTF8(let offset):
      // The window may end inside a character.
      if !window.isAtEnd, offset + 4 > window.bytes.count { return }
      throw failure(at: offset, "the text is not valid UTF-8 from byte \(byteOfLine(offset)) on")
    case nil: return
    }
  }

  /// Where in its line a byte stands, counted from 1.
  private func byteOfLine(_ offset: Int) -> Int {
    let start = window.bytes[..<offset].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    return offset - max(start, window.position) + 1
  }

  private func failure(at offset: Int, _ reason: String) -> DataError {
    let breaks = TextBytes.lineFeeds(in: window.bytes, from: window.position, to: offset)
    return .malformed(file: file, line: line + breaks, reason: reason)
  }

  private func tooLong() -> DataError {
    failure(at: window.position, "a line longer than \(longestRecord) bytes")
  }

  private func tooWide() -> DataError {
    columns == 0
      ? failure(at: window.position, "more than \(Self.mostColumns) columns")
      : failure(at: window.position, "more columns than the \(columns) of the first row")
  }

  /// The line on which a cell of the record begins.
  func line(of cell: TableCell) -> Int {
    // The position is behind the record; its cells lie before it.
    let start = cells.first?.start ?? cell.start
    return line + TextBytes.lineFeeds(in: bytes, from: min(start, cell.start), to: cell.start)
  }
}
