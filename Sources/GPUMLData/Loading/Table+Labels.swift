import GPUMLSystem

extension Table {
  /// The most classes a column may have.
  private static let mostClasses = 1 << 16

  /// The labels a column holds.
  ///
  /// - Parameter classes: The classes there are, as a model knows them; nil to find them: they are
  ///   sorted, by number if all are numbers.
  /// - Throws: `DataError.malformed` naming the line of a missing or unknown label.
  func labels(
    inColumn column: Int, task: LearningTask, classes: [String]? = nil
  ) throws(DataError) -> Dataset.Labels {
    for row in 0..<rowCount {
      if case .missing = value(row: row, column: column) {
        throw failure(row: row, column: column, "the label is missing")
      }
    }
    if try !isClasses(column, task: task) {
      return .targets(try floats(ofColumn: column))
    }
    let texts = (0..<rowCount).map { trimmedText(row: $0, column: column) }
    let names = classes ?? Table.sorted(Set(texts))
    guard names.count <= Table.mostClasses else {
      throw failure(
        row: 0, column: column, "\(names.count) different labels are too many to be classes")
    }
    let places = Dictionary(
      names.enumerated().map { ($1, Int32(truncatingIfNeeded: $0)) },
      uniquingKeysWith: { first, _ in first })
    var indices: [Int32] = []
    indices.reserveCapacity(rowCount)
    for (row, text) in texts.enumerated() {
      guard let place = places[text] else {
        throw failure(
          row: row, column: column,
          "'\(text.excerpt())' is not one of the \(names.count) classes")
      }
      indices.append(place)
    }
    return .classes(indices, names: names)
  }

  /// Whether a column is to be read as classes: texts and bools are; whole numbers are if few of
  /// them differ (up to 20, or a tenth of the rows up to 1000); other numbers are not.
  private func isClasses(_ column: Int, task: LearningTask) throws(DataError) -> Bool {
    switch task {
    case .classification: return true
    case .regression: return false
    case .automatic: break
    }
    guard case .numbers(let numbers, let kind) = try values(ofColumn: column) else { return true }
    switch kind {
    case .bool, .string: return true
    case .double: return false
    case .integer:
      let different = Set(numbers).count
      return different <= 20 || (different <= 1000 && different * 10 <= rowCount)
    }
  }

  private func trimmedText(row: Int, column: Int) -> String {
    let text = text(row: row, column: column)
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    guard let first = text.firstIndex(where: { !isBlank($0) }),
      let last = text.lastIndex(where: { !isBlank($0) })
    else { return text }
    return String(text[first...last])
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
