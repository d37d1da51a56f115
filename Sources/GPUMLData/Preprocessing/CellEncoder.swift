/// Makes numbers of one column's cells.
struct CellEncoder {
  private let column: TableEncoding.Column
  /// Where the column stands in the table.
  let place: Int
  private let codes: [String: Float]
  /// The cells that hold a text that is no category, and the first such texts.
  private(set) var unknown = 0
  private(set) var unknownTexts: [String] = []

  init(_ column: TableEncoding.Column, place: Int) {
    self.column = column
    self.place = place
    codes = Dictionary(
      column.categories.enumerated().map { ($1, Float($0)) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The number of the cell in the reader's row; NaN if it is missing.
  ///
  /// A text that is no category is the number of categories: the place of the feature that they
  /// share, if there is one.
  /// - Throws: `DataError.malformed` naming line and column of a cell that is no number or no date
  ///   where one must be, or out of range.
  mutating func encode(_ reader: TableReader, _ bytes: [UInt8]) throws(DataError) -> Float {
    let cell = reader.cells[place]
    let value = cell.value(in: bytes)
    if case .missing = value { return .nan }
    switch column.kind {
    case .number: return try reader.float(value, column: place)
    case .date:
      guard let days = DateText.days(bytes, from: cell.start, to: cell.end) else {
        let text = cell.text(in: bytes).excerpt()
        throw reader.failure(
          column: place, "'\(text)' is no date such as 2024-02-29 or 2024-02-29T23:59:59")
      }
      return Float(days)
    case .category:
      let text = cell.text(in: bytes)
      if let code = codes[text] { return code }
      unknown += 1
      if unknownTexts.count < 3, !unknownTexts.contains(text) { unknownTexts.append(text) }
      return Float(column.categories.count)
    }
  }

  /// What there is to know of texts that were no category when the model was trained.
  var note: DataNote? {
    guard unknown > 0 else { return nil }
    let texts = unknownTexts.map { "'\($0.excerpt())'" }.joined(separator: ", ")
    let cells = unknown == 1 ? "1 value" : "\(unknown) values"
    let start = "column '\(column.name.excerpt())': \(cells), such as \(texts), "
    if column.poolsOthers {
      return .note(
        start + (unknown == 1 ? "is" : "are") + " rare or not known from the training and "
          + (unknown == 1 ? "has the feature for those" : "share a feature"))
    }
    return .warning(
      start + (unknown == 1 ? "is" : "are") + " not known from the training and no category")
  }
}

extension TableReader {
  /// A cell's value as `Float`; bools are 1 and 0.
  ///
  /// - Throws: `DataError.malformed` if it is a text, or too large for `Float`.
  func float(_ value: CellValue, column: Int) throws(DataError) -> Float {
    switch value {
    case .number(let number, _):
      let float = Float(number)
      guard float.isFinite else { throw outOfRange(column: column) }
      return float
    case .bool(let bool): return bool ? 1 : 0
    case .missing: return .nan
    case .outOfRange: throw outOfRange(column: column)
    case .text:
      let text = cells[column].text(in: bytes).excerpt()
      throw failure(column: column, "'\(text)' is not a number")
    }
  }
}
