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
    var numbers: [Double] = []
    numbers.reserveCapacity(rowCount)
    var bools = 0
    var integers = 0
    var doubles = 0
    var firstBad: Int?
    for row in 0..<rowCount {
      switch value(row: row, column: column) {
      case .number(let number, let isInteger):
        numbers.append(number)
        if isInteger { integers += 1 } else { doubles += 1 }
      case .bool(let bool):
        numbers.append(bool ? 1 : 0)
        bools += 1
      case .missing: numbers.append(.nan)
      case .outOfRange:
        numbers.append(.nan)
        firstBad = firstBad ?? row
      case .text: return .texts(firstText: row)
      }
    }
    if bools > 0 {
      guard integers + doubles == 0, firstBad == nil else {
        let row = (0..<rowCount).first { row in
          if case .bool = value(row: row, column: column) { true } else { false }
        }
        return .texts(firstText: row ?? 0)
      }
      return .numbers(numbers, kind: .bool)
    }
    if let firstBad { throw outOfRange(row: firstBad, column: column) }
    return .numbers(numbers, kind: doubles == 0 && integers > 0 ? .integer : .double)
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
