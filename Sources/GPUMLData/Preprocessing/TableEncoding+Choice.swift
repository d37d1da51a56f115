/// Something about data that their owner should know.
public struct DataNote: Sendable, Hashable {
  /// Whether it may well be a mistake, rather than something to know.
  public let isWarning: Bool
  /// A sentence, control characters escaped.
  public let text: String

  static func note(_ text: String) -> DataNote { DataNote(isWarning: false, text: text) }
  static func warning(_ text: String) -> DataNote { DataNote(isWarning: true, text: text) }
}

extension TableEncoding {
  /// The most texts of a column that get a feature of their own.
  static let mostCategories = 256

  /// Chooses what becomes of columns; what is left out or pooled is noted.
  ///
  /// - A column of one value tells nothing and is left out.
  /// - A text becomes a category if it is frequent: at least twice in small tables, ten times in
  ///   those of 2000 rows and more; of more than 256 such texts, the most frequent. All others
  ///   share one feature, and so do texts that come later and are not known.
  /// - A column of texts of which most are rare, as names and comments are, is left out.
  ///
  /// - Parameters:
  ///   - indices: The columns that may be used.
  ///   - marksMissing: Whether columns with missing values get a feature that says so.
  /// - Throws: `DataError.malformed` if no column remains, or one holds a number out of range.
  static func chosen(
    from profile: TableProfile, file: String, columns indices: [Int], target: String?,
    marksMissing: Bool
  ) throws(DataError) -> (encoding: TableEncoding, places: [Int], notes: [DataNote]) {
    var columns: [Column] = []
    var places: [Int] = []
    var notes: [DataNote] = []
    for index in indices {
      let column = profile.columns[index]
      let name = column.name.excerpt()
      if column.kind != .string, let place = column.firstOutOfRange {
        throw .malformed(
          file: file, line: place.line,
          reason: "column '\(name)': '\(place.text)' is out of the range of numbers")
      }
      let marks = marksMissing && column.missing > 0
      if column.present == 0 {
        notes.append(.warning("column '\(name)' holds no values and is left out"))
      } else if column.isConstant, !marks, column.kind != .string || column.missing == 0 {
        notes.append(
          .warning("column '\(name)' holds one value alone and is left out"))
      } else if column.kind != .string {
        columns.append(
          Column(
            name: column.name, kind: column.kind == .date ? .date : .number, marksMissing: marks))
        places.append(index)
      } else if let chosen = category(column, marks, rowCount: profile.rowCount, &notes) {
        columns.append(chosen)
        places.append(index)
      }
    }
    guard !columns.isEmpty else {
      let reason = notes.first.map { ": \($0.text)" } ?? ""
      throw .malformed(file: file, line: nil, reason: "no column is left to learn from\(reason)")
    }
    return (TableEncoding(columns: columns, target: target), places, notes)
  }

  private static func category(
    _ column: ColumnProfile, _ marks: Bool, rowCount: Int, _ notes: inout [DataNote]
  ) -> Column? {
    let name = column.name.excerpt()
    if let place = column.firstText, column.numbers * 2 > column.present {
      notes.append(
        .warning(
          "column '\(name)' is read as text, as '\(place.text)' on line \(place.line) is not a "
            + "number"))
    }
    let least = min(10, max(2, rowCount / 200))
    let sorted = column.values.byFrequency
    var kept = sorted.prefix(mostCategories).filter { $0.count >= least }
    // A single rare text is as good as a feature for all that are rare.
    let rare = sorted.count - kept.count
    let covered = kept.reduce(0) { $0 + $1.count }
    if covered * 2 < column.present, sorted.count > 10 || !column.values.isComplete {
      let number = column.values.isComplete ? "\(sorted.count)" : "more than \(sorted.count)"
      notes.append(
        .warning(
          "column '\(name)' has \(number) different texts, most of them rare, and is left out"))
      return nil
    }
    // Of few rows every text may be rare, and is still all there is to learn from.
    if kept.isEmpty {
      kept = Array(sorted)
    } else if rare > 0 {
      let number = column.values.isComplete ? "\(rare)" : "more than \(rare)"
      notes.append(
        .note(
          "column '\(name)': \(number) rare texts share a feature, \(kept.count) have their own"))
    }
    return Column(
      name: column.name, kind: .category, categories: kept.map(\.text).sorted(),
      poolsOthers: kept.count < sorted.count || !column.values.isComplete, marksMissing: marks)
  }
}

extension ColumnProfile {
  /// Whether there is but one value.
  var isConstant: Bool {
    switch kind {
    case .integer, .double, .date: minimum == maximum
    case .bool, .string: values.isComplete && values.counts.count == 1
    }
  }
}
