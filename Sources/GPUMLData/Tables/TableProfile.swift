/// What a whole table holds, column by column.
package struct TableProfile: Sendable {
  /// The most different texts of a column that are counted.
  static let mostValues = 10_000
  /// The most different numbers of a column that are counted.
  static let mostNumbers = 1000
  /// The most different labels that are counted.
  static let mostClasses = 1 << 16

  /// The number of rows.
  package let rowCount: Int
  /// The columns, in the table's order.
  package let columns: [ColumnProfile]
}

extension Table {
  /// Looks at every cell of some columns.
  ///
  /// - Parameters:
  ///   - columns: Those that are looked at; nil for all. The others' profiles stay empty.
  ///   - target: The column of labels, of which more different ones are counted.
  /// - Throws: `DataError.malformed` naming the line.
  package func profile(
    ofColumns columns: [Int]? = nil, target: Int? = nil
  ) throws(DataError) -> TableProfile {
    let wanted = columns ?? Array(0..<columnCount)
    let first = try scan(wanted, numberLimit: TableProfile.mostNumbers, target: target)
    // Many numbers and a text behind them: the numbers are texts, too, and must be counted.
    let recounted = wanted.filter {
      first.columns[$0].kind == .string && !first.columns[$0].values.isKept
    }
    if recounted.isEmpty { return first }
    let second = try scan(recounted, numberLimit: .max, target: target)
    let places = Set(recounted)
    return TableProfile(
      rowCount: first.rowCount,
      columns: first.columns.indices.map {
        places.contains($0) ? second.columns[$0] : first.columns[$0]
      })
  }

  private func scan(
    _ wanted: [Int], numberLimit: Int, target: Int?
  ) throws(DataError) -> TableProfile {
    var profiles = columnNames.enumerated().map { column, name in
      let limit = column == target ? TableProfile.mostClasses : TableProfile.mostValues
      let most = column == target ? TableProfile.mostClasses : numberLimit
      return ColumnProfile(name: name, values: ValueCounts(limit: limit, numberLimit: most))
    }
    var reader = try reader()
    while try reader.next() {
      let (bytes, cells) = (reader.bytes, reader.cells)
      for column in wanted {
        let cell = cells[column]
        profiles[column].add(bytes, cell) {
          ColumnProfile.Place(
            line: reader.line(ofColumn: column), text: cell.text(in: bytes).excerpt())
        }
      }
    }
    return TableProfile(rowCount: reader.rowCount, columns: profiles)
  }
}
