import GPUMLSystem

/// Where one cell's text lies in the file, in eight bytes: large tables have many cells.
struct TableCell: BitwiseCopyable {
  /// Start from bit 28, length in bits 1 to 27, bit 0 if doubled quotes stand inside.
  private let bits: UInt64

  init(start: Int, length: Int, hasDoubledQuotes: Bool = false) {
    bits =
      UInt64(truncatingIfNeeded: start) << 28 | UInt64(truncatingIfNeeded: length) << 1
      | (hasDoubledQuotes ? 1 : 0)
  }

  var start: Int { Int(bits >> 28) }
  var length: Int { Int(bits >> 1 & 0x7FF_FFFF) }
  var end: Int { start + length }
  var hasDoubledQuotes: Bool { bits & 1 == 1 }

  /// Larger files do not fit in the 36 bits of `start`.
  static let largestFile = 1 << 36
}

/// Finds the cells of a delimited text (RFC 4180), without looking at what they say.
struct TableScanner {
  /// The longest record taken, in bytes.
  static let longestRecord = 64 << 20
  /// The most columns taken: more are surely not a table, and each costs memory.
  static let mostColumns = 1 << 20

  private let bytes: [UInt8]
  private let file: String
  private let delimiter: UInt8
  private let longestRecord: Int
  private var cells: [TableCell] = []
  private var columns = 0
  private var position = 0

  /// All cells in row-major order, and the number of columns; 0 columns if the text is empty.
  ///
  /// - Throws: `DataError.malformed` with the line: NUL, invalid UTF-8, a ragged row, an
  ///   unterminated quote, a record beyond `longestRecord`.
  static func scan(
    _ bytes: [UInt8], file: String, delimiter: UInt8, longestRecord: Int = longestRecord
  ) throws(DataError) -> (cells: [TableCell], columns: Int) {
    var scanner = TableScanner(
      bytes: bytes, file: file, delimiter: delimiter, longestRecord: longestRecord)
    try scanner.checkText()
    try scanner.scanRecords()
    return (scanner.cells, scanner.columns)
  }

  private init(bytes: [UInt8], file: String, delimiter: UInt8, longestRecord: Int) {
    self.bytes = bytes
    self.file = file
    self.delimiter = delimiter
    self.longestRecord = longestRecord
  }

  private func failure(at offset: Int, _ reason: String) -> DataError {
    let line = TextBytes.lineFeeds(in: bytes, before: offset) + 1
    return .malformed(file: file, line: line, reason: reason)
  }

  private func checkText() throws(DataError) {
    guard bytes.count < TableCell.largestFile else {
      throw .malformed(
        file: file, line: nil, reason: "is larger than \(TableCell.largestFile) bytes")
    }
    switch TextBytes.firstProblem(in: bytes) {
    case .nul(let offset): throw failure(at: offset, "a NUL byte: not a text file")
    case .invalidUTF8(let offset): throw failure(at: offset, "the text is not valid UTF-8")
    case nil: break
    }
  }

  private mutating func scanRecords() throws(DataError) {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    var blankRows = 0
    while position < bytes.count {
      if let length = lineBreak(at: position) {
        // A blank line is nothing in a wide table, and in a narrow one a missing value, unless
        // only blank lines follow.
        position += length
        if columns == 1 { blankRows += 1 }
        continue
      }
      for _ in 0..<blankRows { cells.append(TableCell(start: position, length: 0)) }
      blankRows = 0
      try scanRecord()
    }
  }

  /// The bytes of the line break at `offset`, or nil if none is there.
  private func lineBreak(at offset: Int) -> Int? {
    if bytes[offset] == 0x0A { return 1 }
    let isPair = bytes[offset] == 0x0D && offset + 1 < bytes.count && bytes[offset + 1] == 0x0A
    return isPair ? 2 : nil
  }

  private mutating func scanRecord() throws(DataError) {
    let start = position
    let limit = columns == 0 ? Self.mostColumns : columns
    var fields = 0
    var more = true
    while more {
      guard fields < limit else { throw tooWide(start: start, fields: fields) }
      if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
        try scanQuoted(recordStart: start)
      } else {
        try scanPlain(recordStart: start)
      }
      fields += 1
      more = position < bytes.count && bytes[position] == delimiter
      if more { position += 1 }
    }
    if position < bytes.count, let length = lineBreak(at: position) { position += length }
    if columns == 0 {
      columns = fields
    } else if fields != columns {
      throw failure(at: start, "\(fields) columns where the first row has \(columns)")
    }
  }

  private func tooWide(start: Int, fields: Int) -> DataError {
    columns == 0
      ? failure(at: start, "more than \(Self.mostColumns) columns")
      : failure(at: start, "more columns than the \(columns) of the first row")
  }

  private mutating func append(
    _ start: Int, _ end: Int, recordStart: Int, doubled: Bool = false
  ) throws(DataError) {
    guard end - recordStart <= longestRecord else {
      throw failure(at: recordStart, "a line longer than \(longestRecord) bytes")
    }
    cells.append(TableCell(start: start, length: end - start, hasDoubledQuotes: doubled))
  }

  private mutating func scanPlain(recordStart: Int) throws(DataError) {
    let start = position
    var index = position
    let count = bytes.count
    while index < count {
      let byte = bytes[index]
      if byte == delimiter || byte == 0x0A { break }
      index += 1
    }
    position = index
    var end = index
    if index < count, bytes[index] == 0x0A, end > start, bytes[end - 1] == 0x0D {
      end -= 1
      position -= 1
    }
    try append(start, end, recordStart: recordStart)
  }

  private mutating func scanQuoted(recordStart: Int) throws(DataError) {
    let quote = UInt8(ascii: "\"")
    let start = position + 1
    let count = bytes.count
    var index = start
    var doubled = false
    while true {
      while index < count, bytes[index] != quote { index += 1 }
      guard index < count else {
        throw failure(at: start, "a quote that opens here is never closed")
      }
      guard index + 1 < count, bytes[index + 1] == quote else { break }
      doubled = true
      index += 2
    }
    try append(start, index, recordStart: recordStart, doubled: doubled)
    position = index + 1
    guard position == count || bytes[position] == delimiter || lineBreak(at: position) != nil
    else { throw failure(at: position, "text after a closing quote") }
  }
}
