extension Dataset {
  /// The most rows that are looked at, and the fewest that tell anything.
  private static let mostRows = 50_000
  private static let fewestRows = 20
  /// The share of what there is to know of the target from which a column all but restates it.
  private static let suspicious = 0.98

  /// A warning for each column that alone tells nearly all of the target.
  ///
  /// - Throws: As `restatingColumns(_:)`.
  func restatedTargets(_ table: TableEncoding) throws(DataError) -> [DataNote] {
    try restatingColumns(table).map { Dataset.restatement($0, table.target ?? "") }
  }

  /// The warning for one such column.
  static func restatement(_ column: String, _ target: String) -> DataNote {
    .warning(
      "column '\(column.excerpt())' alone tells '\(target.excerpt())' nearly always: leave it out "
        + "if it will not be known when the model predicts")
  }

  /// The columns that alone tell nearly all of the target: they may be the target in other words,
  /// which is not known where the model is to predict.
  ///
  /// A column's values, in groups of about the same size if they are many, are judged by how well
  /// the best guess a group does: in accuracy beyond the most frequent class, or in variance.
  ///
  /// - Throws: `DataError.unreadable` if the examples are on a disk that fails.
  func restatingColumns(_ table: TableEncoding) throws(DataError) -> [String] {
    guard count >= Dataset.fewestRows, table.target != nil else { return [] }
    let step = max(1, count / Dataset.mostRows)
    let rows = Array(stride(from: 0, to: count, by: step))
    let width = featureCount
    let sample = Features.float32(try features.floats(rows: rows, width: width))
    return table.columns.enumerated().compactMap { place, column in
      let values = sample.column(place, rows: Array(rows.indices), width: width)
      guard explained(by: Dataset.groups(values), rows) >= Dataset.suspicious else { return nil }
      return column.name
    }
  }

  /// A group for each value; of many values, groups of about the same size, of five rows or more.
  private static func groups(_ values: [Float]) -> [Int] {
    let most = min(64, max(2, values.count / 5))
    let keys = values.map { $0.isNaN ? Float.infinity : $0 }
    let isFew = Set(keys.map(\.bitPattern)).count <= most
    var groups = [Int](repeating: 0, count: keys.count)
    var (group, size) = (0, 0)
    var last: Float?
    for index in keys.indices.sorted(by: { keys[$0] < keys[$1] }) {
      if let last, keys[index] != last, isFew || size * most >= keys.count {
        group += 1
        size = 0
      }
      groups[index] = group
      size += 1
      last = keys[index]
    }
    return groups
  }

  /// How much of the target the best guess for each group gets right, in 0...1.
  private func explained(by groups: [Int], _ rows: [Int]) -> Double {
    let groupCount = (groups.max() ?? 0) + 1
    switch labels {
    case .none: return 0
    case .classes(let classes, let names):
      var counts = [[Int: Int]](repeating: [:], count: groupCount)
      var totals = [Int](repeating: 0, count: names.count)
      for (group, row) in zip(groups, rows) {
        counts[group][Int(classes[row]), default: 0] += 1
        totals[Int(classes[row])] += 1
      }
      let right = counts.reduce(0) { $0 + ($1.values.max() ?? 0) }
      let most = totals.max() ?? 0
      return most == rows.count ? 0 : Double(right - most) / Double(rows.count - most)
    case .targets(let targets):
      var sums = [Double](repeating: 0, count: groupCount)
      var sizes = [Double](repeating: 0, count: groupCount)
      for (group, row) in zip(groups, rows) {
        sums[group] += Double(targets[row])
        sizes[group] += 1
      }
      let mean = sums.reduce(0, +) / Double(rows.count)
      var (total, within) = (0.0, 0.0)
      for (group, row) in zip(groups, rows) {
        let target = Double(targets[row])
        total += (target - mean) * (target - mean)
        let distance = target - sums[group] / sizes[group]
        within += distance * distance
      }
      return total > 0 ? 1 - within / total : 0
    }
  }
}
