/// What the cells of a column are, taken together.
package enum ColumnKind: String, Sendable {
  case bool, integer, double, date, string
}

/// What is known of a column's cells after all of them were looked at.
package struct ColumnProfile: Sendable {
  /// A cell to point at.
  package struct Place: Sendable, Equatable {
    /// The line of the file on which it begins.
    package let line: Int
    /// The beginning of its text.
    package let text: String
  }

  /// The column's name.
  package let name: String
  /// The cells that hold a value.
  package private(set) var present = 0
  /// The cells that hold none.
  package private(set) var missing = 0
  /// The cells that hold a number, and how many of those are whole.
  package private(set) var numbers = 0
  private var integers = 0
  private var bools = 0
  private var dates = 0
  private var texts = 0
  /// The first cell that holds a text.
  package private(set) var firstText: Place?
  /// The first cell that holds a number beyond the range of a double.
  package private(set) var firstOutOfRange: Place?
  /// The smallest and the largest number or date; `minimum` is above `maximum` if there is none.
  package private(set) var minimum = Double.infinity
  package private(set) var maximum = -Double.infinity
  private var average = 0.0
  private var squares = 0.0
  /// How often each value stands in the column.
  package private(set) var values: ValueCounts

  init(name: String, values: ValueCounts) {
    self.name = name
    self.values = values
  }

  /// A column is `bool` if every value is true or false, `integer` if every value is a whole number,
  /// `double` if every value is a number, `date` if every value is a date, else `string`. One
  /// without any value is `double`.
  package var kind: ColumnKind {
    if present == 0 { return .double }
    if texts == 0, bools == present { return .bool }
    if texts == 0, bools == 0 { return integers == present ? .integer : .double }
    return dates == present ? .date : .string
  }

  /// The mean of the numbers or dates; NaN if there is none.
  package var mean: Double { numbers + dates > 0 ? average : .nan }

  /// Their standard deviation.
  package var deviation: Double {
    numbers + dates > 0 ? (squares / Double(numbers + dates)).squareRoot() : .nan
  }

  /// Takes the next cell of the column.
  mutating func add(_ bytes: [UInt8], _ cell: TableCell, at place: () -> Place) {
    let value = cell.value(in: bytes)
    if case .missing = value {
      missing += 1
      return
    }
    present += 1
    switch value {
    case .number(let number, let isInteger):
      if isInteger { integers += 1 }
      numbers += 1
      measure(number)
    case .bool: bools += 1
    case .outOfRange:
      numbers += 1
      firstOutOfRange = firstOutOfRange ?? place()
    case .text, .missing:
      texts += 1
      if let days = DateText.days(bytes, from: cell.start, to: cell.end) {
        dates += 1
        measure(days)
      } else if firstText == nil {
        firstText = place()
      }
    }
    values.add(bytes, cell, isText: texts > 0)
  }

  /// One pass that stays exact (Welford 1962).
  private mutating func measure(_ number: Double) {
    minimum = min(minimum, number)
    maximum = max(maximum, number)
    let distance = number - average
    average += distance / Double(numbers + dates)
    squares += distance * (number - average)
  }
}

/// How often each text stands in a column, as far as there are not too many.
package struct ValueCounts: Sendable {
  /// The texts and how often each was there.
  package private(set) var counts: [String: Int] = [:]
  /// Whether every different text is in `counts`.
  package private(set) var isComplete = true
  /// Whether `counts` begins with the column's first cell: it is given up where a column seems to
  /// hold numbers of many values.
  package private(set) var isKept = true
  private let limit: Int
  private let numberLimit: Int

  /// - Parameters:
  ///   - limit: The most different texts that are counted; further ones are passed over.
  ///   - numberLimit: The most for a column that holds no text; beyond, counting is given up.
  init(limit: Int, numberLimit: Int) {
    self.limit = limit
    self.numberLimit = min(limit, numberLimit)
  }

  mutating func add(_ bytes: [UInt8], _ cell: TableCell, isText: Bool) {
    guard isKept else { return }
    let text = cell.text(in: bytes)
    if counts[text] != nil || counts.count < limit {
      counts[text, default: 0] += 1
    } else {
      isComplete = false
    }
    if !isText, counts.count > numberLimit {
      counts = [:]
      isKept = false
      isComplete = false
    }
  }

  /// The texts by how often they are there; equally frequent ones in their order.
  package var byFrequency: [(text: String, count: Int)] {
    counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
  }
}
