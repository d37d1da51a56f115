/// Makes labels of one column's cells.
struct LabelEncoder {
  /// Where the column stands in the table.
  let place: Int
  /// The classes' names; nil if the labels are numbers.
  let names: [String]?
  private let places: [String: Int32]
  private var classes: [Int32] = []
  private var targets: [Float] = []

  /// - Parameter classes: The classes there are; nil if the labels are numbers.
  init(place: Int, classes: [String]?) {
    self.place = place
    names = classes
    places = Dictionary(
      (classes ?? []).enumerated().map { ($1, Int32(truncatingIfNeeded: $0)) },
      uniquingKeysWith: { first, _ in first })
  }

  /// Chooses between classes and numbers, and finds the classes.
  ///
  /// - Throws: `DataError.malformed` for too many classes or a number out of range.
  init(
    _ table: Table, _ profile: TableProfile, place: Int, task: LearningTask
  ) throws(DataError) {
    let column = profile.columns[place]
    guard LabelEncoder.isClasses(column, task: task, rowCount: profile.rowCount) else {
      self.init(place: place, classes: nil)
      return
    }
    // Names are told apart without blanks around them.
    let names = Set(column.values.counts.keys.map { LabelEncoder.trimmed($0) })
    guard column.values.isComplete else {
      throw .malformed(
        file: table.file, line: nil,
        reason: "column '\(column.name.excerpt())': more than \(TableProfile.mostClasses) "
          + "different labels are too many to be classes")
    }
    self.init(place: place, classes: LabelEncoder.sorted(names))
  }

  /// Whether the reader's row has no label.
  func isMissing(_ reader: TableReader, _ bytes: [UInt8]) -> Bool {
    if case .missing = reader.cells[place].value(in: bytes) { true } else { false }
  }

  /// How often each class stands in the column.
  func counts(_ values: ValueCounts) -> [String: Int] {
    var counts: [String: Int] = [:]
    for (text, count) in values.counts {
      counts[LabelEncoder.trimmed(text), default: 0] += count
    }
    return counts
  }

  /// Takes the label of the reader's row.
  ///
  /// - Throws: `DataError.malformed` naming the line of a missing or unknown label.
  mutating func add(_ reader: TableReader, _ bytes: [UInt8]) throws(DataError) {
    let cell = reader.cells[place]
    let value = cell.value(in: bytes)
    if case .missing = value { throw reader.failure(column: place, "the label is missing") }
    guard let names else {
      targets.append(try reader.float(value, column: place))
      return
    }
    let text = cell.trimmedText(in: bytes)
    guard let index = places[text] else {
      throw reader.failure(
        column: place, "'\(text.excerpt())' is not one of the \(names.count) classes")
    }
    classes.append(index)
  }

  /// The labels taken so far.
  var labels: Dataset.Labels {
    names.map { .classes(classes, names: $0) } ?? .targets(targets)
  }

  /// Whether a column is to be read as classes: texts, bools and dates are; whole numbers are if few
  /// of them differ: up to 20, where some come again, or up to 1000 of ten times as many rows, where
  /// they count from 0 or 1 without a gap; other numbers are not.
  private static func isClasses(
    _ column: ColumnProfile, task: LearningTask, rowCount: Int
  ) -> Bool {
    switch task {
    case .classification: return true
    case .regression: return false
    case .automatic: break
    }
    switch column.kind {
    case .bool, .string, .date: return true
    case .double: return false
    case .integer:
      guard column.values.isComplete else { return false }
      let different = column.values.counts.count
      if different <= 20 { return different * 3 <= rowCount * 2 }
      let isGapless =
        (0...1).contains(column.minimum)
        && column.maximum - column.minimum + 1 == Double(different)
      return different <= 1000 && different * 10 <= rowCount && isGapless
    }
  }

  private static func trimmed(_ text: String) -> String {
    let bytes = Array(text.utf8)
    return TableCell(start: 0, length: bytes.count).trimmedText(in: bytes)
  }

  private static func sorted(_ names: Set<String>) -> [String] {
    let numbers = names.compactMap { name -> (Double, String)? in
      let bytes = Array(name.utf8)
      guard case .number(let value, _) = NumberText.classify(bytes, from: 0, to: bytes.count)
      else { return nil }
      return (value, name)
    }
    return numbers.count == names.count ? numbers.sorted { $0 < $1 }.map(\.1) : names.sorted()
  }
}
