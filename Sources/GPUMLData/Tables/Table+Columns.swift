/// What the cells of a column are, taken together.
package enum ColumnKind: String, Sendable {
  case bool, integer, double, string
}

/// A column whose cells are all numbers or bools, as numbers.
package enum ColumnValues: Sendable {
  /// Numbers in row order, NaN where a value is missing; `kind` is not `string`.
  case numbers([Double], kind: ColumnKind)
  /// Not all cells are numbers; `row` is the first that is not.
  case texts(firstText: Int)
}

extension Table {
  /// A column's inferred type and its numbers.
  ///
  /// A column is `bool` if every value is true or false, `integer` if every value is a whole number,
  /// `double` if every value is a number, else `string`. One without any value is `double`.
  ///
  /// - Throws: `DataError.malformed` if a column of numbers holds one beyond the range of a double.
  package func values(ofColumn column: Int) throws(DataError) -> ColumnValues {
    try values(ofColumns: [column])[0]
  }

  /// The same for several columns at once: faster, as the text is walked through in blocks of rows
  /// that stay in the processor's cache.
  ///
  /// - Throws: As `values(ofColumn:)`, for the first such column.
  package func values(ofColumns columns: [Int]) throws(DataError) -> [ColumnValues] {
    var collectors = columns.map { _ in ColumnCollector(capacity: rowCount) }
    for start in stride(from: 0, to: rowCount, by: 256) {
      let end = min(start + 256, rowCount)
      for (position, column) in columns.enumerated() where collectors[position].firstText == nil {
        for row in start..<end {
          guard collectors[position].add(value(row: row, column: column), row: row) else { break }
        }
      }
    }
    return try zip(columns, collectors).map { column, collector throws(DataError) in
      if let row = collector.firstText ?? collector.firstMixed { return .texts(firstText: row) }
      if let row = collector.firstOutOfRange { throw outOfRange(row: row, column: column) }
      return .numbers(collector.numbers, kind: collector.kind)
    }
  }

  /// The inferred type of a column.
  package func kind(ofColumn column: Int) throws(DataError) -> ColumnKind {
    switch try values(ofColumn: column) {
    case .numbers(_, let kind): kind
    case .texts: .string
    }
  }

  /// A column that must be numeric, as `Float`, NaN where a value is missing; bools are 1 and 0.
  ///
  /// - Throws: `DataError.malformed` naming line and column of the first cell that is no number, or
  ///   one too large for `Float`.
  package func floats(ofColumn column: Int) throws(DataError) -> [Float] {
    switch try values(ofColumn: column) {
    case .numbers(let numbers, _): return try floats(numbers, column: column)
    case .texts:
      for row in 0..<rowCount {
        switch value(row: row, column: column) {
        case .text:
          let text = text(row: row, column: column).excerpt()
          throw failure(row: row, column: column, "'\(text)' is not a number")
        case .outOfRange: throw outOfRange(row: row, column: column)
        case .number, .bool, .missing: continue
        }
      }
      // Numbers and bools mixed: each is a number of its own.
      let numbers = (0..<rowCount).map { row -> Double in
        switch value(row: row, column: column) {
        case .number(let number, _): number
        case .bool(let bool): bool ? 1 : 0
        case .missing, .outOfRange, .text: .nan
        }
      }
      return try floats(numbers, column: column)
    }
  }

  /// Narrows a column's numbers.
  package func floats(_ numbers: [Double], column: Int) throws(DataError) -> [Float] {
    let floats = numbers.map { Float($0) }
    if let row = floats.firstIndex(where: { $0.isInfinite }) {
      throw outOfRange(row: row, column: column)
    }
    return floats
  }

  private func outOfRange(row: Int, column: Int) -> DataError {
    let text = text(row: row, column: column).excerpt()
    return failure(row: row, column: column, "'\(text)' is out of the range of numbers")
  }
}

/// What is known of a column while its cells come in.
private struct ColumnCollector {
  private(set) var numbers: [Double] = []
  private(set) var firstText: Int?
  private(set) var firstOutOfRange: Int?
  private var firstBool: Int?
  private var integers = 0
  private var doubles = 0

  init(capacity: Int) { numbers.reserveCapacity(capacity) }

  /// Takes the next cell; false if it is text, after which nothing more is of use.
  mutating func add(_ value: CellValue, row: Int) -> Bool {
    switch value {
    case .number(let number, let isInteger):
      numbers.append(number)
      if isInteger { integers += 1 } else { doubles += 1 }
    case .bool(let bool):
      numbers.append(bool ? 1 : 0)
      firstBool = firstBool ?? row
    case .missing: numbers.append(.nan)
    case .outOfRange:
      numbers.append(.nan)
      firstOutOfRange = firstOutOfRange ?? row
    case .text:
      numbers = []
      firstText = row
      return false
    }
    return true
  }

  /// The first bool of a column that has numbers too.
  var firstMixed: Int? {
    integers + doubles > 0 || firstOutOfRange != nil ? firstBool : nil
  }

  var kind: ColumnKind {
    if firstBool != nil { return .bool }
    return doubles == 0 && integers > 0 ? .integer : .double
  }
}
