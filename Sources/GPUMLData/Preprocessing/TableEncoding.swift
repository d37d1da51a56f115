import GPUMLSystem

/// How a table's columns become features: numbers as they are, texts one-hot.
public struct TableEncoding: Sendable, Equatable, Codable {
  /// A column that is used.
  public struct Column: Sendable, Equatable, Codable {
    /// The column's name.
    public let name: String
    /// The texts it may hold, one feature each; nil for a column of numbers or bools.
    public let categories: [String]?

    /// The number of features it makes.
    var width: Int { categories?.count ?? 1 }
  }

  /// The most different texts a column may have to be encoded.
  static let mostCategories = 1000

  /// The columns used, in the order of their features.
  public let columns: [Column]
  /// The column that is predicted, if one is.
  public let target: String?

  /// The number of features.
  public var width: Int { columns.reduce(0) { $0 + $1.width } }

  /// A name for each feature: the column's, with `=text` for a one-hot feature.
  public var featureNames: [String] {
    columns.flatMap { column in
      column.categories.map { $0.map { "\(column.name)=\($0)" } } ?? [column.name]
    }
  }

  /// The features that are one-hot.
  var oneHotFeatures: [Int] {
    var first = 0
    var features: [Int] = []
    for column in columns {
      if column.categories != nil { features += first..<first + column.width }
      first += column.width
    }
    return features
  }

  /// Columns of numbers.
  init(numericColumns names: [String]) {
    columns = names.map { Column(name: $0, categories: nil) }
    target = nil
  }

  /// Learns the categories of a table's columns.
  ///
  /// - Throws: `DataError.malformed` for a column with too many different texts, or if no feature
  ///   remains.
  package init(
    fitting table: Table, columns indices: [Int], target: String?
  ) throws(DataError) {
    self = try TableEncoding.fitted(to: table, columns: indices, target: target).encoding
  }

  /// Learns the categories of a table's columns and encodes it, reading every number once.
  ///
  /// - Throws: As `init(fitting:columns:target:)` and `encode(_:)`.
  package static func fitted(
    to table: Table, columns indices: [Int], target: String?
  ) throws(DataError) -> (encoding: TableEncoding, features: [Float]) {
    var columns: [Column] = []
    var numbers: [Int: [Float]] = [:]
    for (index, values) in zip(indices, try table.values(ofColumns: indices)) {
      let name = table.columnNames[index]
      switch values {
      case .numbers(let values, _):
        numbers[columns.count] = try table.floats(values, column: index)
        columns.append(Column(name: name, categories: nil))
      case .texts(let firstText):
        let categories = try categories(table, index, firstText: firstText)
        columns.append(Column(name: name, categories: categories))
      }
    }
    guard !columns.isEmpty else {
      throw .malformed(file: table.file, line: nil, reason: "no column is left to learn from")
    }
    let encoding = TableEncoding(columns: columns, target: target)
    return (encoding, try encoding.encode(table, places: indices, numbers: numbers))
  }

  private init(columns: [Column], target: String?) {
    self.columns = columns
    self.target = target
  }

  private static func categories(
    _ table: Table, _ column: Int, firstText: Int
  ) throws(DataError) -> [String] {
    var seen: Set<String> = []
    for row in 0..<table.rowCount {
      if case .missing = table.value(row: row, column: column) { continue }
      seen.insert(table.text(row: row, column: column))
      guard seen.count <= mostCategories else {
        let text = table.text(row: firstText, column: column).excerpt()
        throw table.failure(
          row: firstText, column: column,
          "'\(text)' is not a number, and more than \(mostCategories) different texts are "
            + "too many to encode; leave the column out")
      }
    }
    return seen.sorted()
  }

  /// The features of every row, NaN where a number is missing; a text that is unknown or missing
  /// makes all its column's features 0.
  ///
  /// A table without a header is taken by position if it has as many columns as are used.
  ///
  /// - Throws: `DataError.malformed` if a column is missing, is no number or out of range.
  package func encode(_ table: Table) throws(DataError) -> [Float] {
    let byPosition = !table.hasHeader && table.columnCount == columns.count
    var places = Array(columns.indices)
    if !byPosition {
      places = try columns.map { column throws(DataError) in
        try table.index(ofColumn: column.name)
      }
    }
    return try encode(table, places: places, numbers: [:])
  }

  /// - Parameters:
  ///   - places: Where each column stands in the table.
  ///   - numbers: Columns that have been read already.
  private func encode(
    _ table: Table, places: [Int], numbers: [Int: [Float]]
  ) throws(DataError) -> [Float] {
    let width = width
    let (total, overflow) = width.multipliedReportingOverflow(by: table.rowCount)
    guard !overflow, total <= 1 << 36 else {
      throw .malformed(
        file: table.file, line: nil,
        reason: "\(table.rowCount) rows of \(width) features are too many")
    }
    var features = [Float](repeating: 0, count: total)
    var first = 0
    for (position, column) in columns.enumerated() {
      let index = places[position]
      if let categories = column.categories {
        let placeOfText = Dictionary(
          categories.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        for row in 0..<table.rowCount {
          if case .missing = table.value(row: row, column: index) { continue }
          if let place = placeOfText[table.text(row: row, column: index)] {
            features[row * width + first + place] = 1
          }
        }
      } else {
        let values: [Float]
        if let known = numbers[position] {
          values = known
        } else {
          values = try table.floats(ofColumn: index)
        }
        for row in 0..<table.rowCount { features[row * width + first] = values[row] }
      }
      first += column.width
    }
    return features
  }
}
