extension Preprocessing {
  /// Fits a preprocessing to training examples; what it learns, it learns from `indices` alone.
  ///
  /// One-hot features keep their 0 and 1. Sums are in `Double`.
  ///
  /// - Parameters:
  ///   - indices: The training examples; nil for all.
  ///   - table: How the features were made, if from a table.
  /// - Throws: `DataError.invalidValue` if there is no example, an index is outside the dataset, or a
  ///   value is missing and `imputation` is `none`.
  public static func fitted(
    to dataset: Dataset, indices: [Int]? = nil, scaling: FeatureScaling,
    imputation: Imputation = .median, table: TableEncoding? = nil
  ) throws -> Preprocessing {
    let indices = indices ?? Array(0..<dataset.count)
    try dataset.check(indices, operation: "Preprocessing.fitted")
    guard !indices.isEmpty else {
      throw DataError.invalidValue(
        operation: "Preprocessing.fitted", reason: "there is no example to fit to")
    }
    if let table, table.columns.count != dataset.featureCount {
      throw DataError.invalidValue(
        operation: "Preprocessing.fitted",
        reason: "\(table.columns.count) columns for \(dataset.featureCount) features")
    }
    let fill =
      try table.map { table throws(DataError) in
        try self.fill(dataset, indices, imputation, table)
      } ?? []
    let needsStatistics = scaling == .standard || scaling == .minMax
    var center: [Float] = [0]
    var scale: [Float] = [1]
    if case .fixed(let fixedCenter, let fixedScale) = scaling {
      (center, scale) = ([fixedCenter], [fixedScale])
    } else if needsStatistics {
      (center, scale) = try statistics(dataset, indices, scaling, fill: fill)
    }
    if let table {
      (center, scale) = expanded(
        center, scale, table, known: try knownCategories(dataset, indices, table),
        isFixed: !needsStatistics && scaling != .none)
    }
    return try Preprocessing(
      featureShape: dataset.featureShape, center: center, scale: scale, fill: fill, table: table)
  }

  /// Numbers a raw feature as numbers an input: categories and marks keep their 0 and 1, unless all
  /// inputs are scaled alike.
  ///
  /// A category that no training example has would only add the noise of its first weights: its
  /// feature is always 0.
  private static func expanded(
    _ center: [Float], _ scale: [Float], _ table: TableEncoding, known: [[Bool]], isFixed: Bool
  ) -> (center: [Float], scale: [Float]) {
    var centers: [Float] = []
    var scales: [Float] = []
    for (place, column) in table.columns.enumerated() {
      let position = center.count == 1 ? 0 : place
      let (own, other): ((Float, Float), (Float, Float)) = (
        (center[position], scale[position]), isFixed ? (center[0], scale[0]) : (0, 1)
      )
      if column.kind == .category {
        for isKnown in known[place] {
          centers.append(isKnown ? other.0 : 0)
          scales.append(isKnown ? other.1 : 0)
        }
      } else {
        centers.append(own.0)
        scales.append(own.1)
      }
      if column.marksMissing {
        centers.append(other.0)
        scales.append(other.1)
      }
    }
    return (centers, scales)
  }

  /// Which features of each column of categories any example has.
  private static func knownCategories(
    _ dataset: Dataset, _ indices: [Int], _ table: TableEncoding
  ) throws(DataError) -> [[Bool]] {
    var known = table.columns.map { [Bool](repeating: false, count: $0.valueWidth) }
    let categories = table.columns.indices.filter { table.columns[$0].kind == .category }
    guard !categories.isEmpty else { return known }
    try dataset.features.forEachRow(indices, width: table.columns.count) { values, start in
      for place in categories {
        let code = values[start + place]
        if code >= 0, code < Float(known[place].count) { known[place][Int(code)] = true }
      }
    }
    return known
  }

  private static func statistics(
    _ dataset: Dataset, _ indices: [Int], _ scaling: FeatureScaling, fill: [Float]
  ) throws(DataError) -> (center: [Float], scale: [Float]) {
    let width = dataset.featureCount
    var sums = [Double](repeating: 0, count: width)
    var lowest = [Float](repeating: .infinity, count: width)
    var highest = [Float](repeating: -.infinity, count: width)
    func each(_ body: (Int, Float) -> Void) throws(DataError) {
      try dataset.features.forEachRow(indices, width: width) { values, start in
        for feature in 0..<width {
          let raw = values[start + feature]
          body(feature, raw.isNaN && !fill.isEmpty ? fill[feature] : raw)
        }
      }
    }
    try each { feature, value in
      sums[feature] += Double(value)
      lowest[feature] = min(lowest[feature], value)
      highest[feature] = max(highest[feature], value)
    }
    let count = Double(indices.count)
    let means = sums.map { $0 / count }
    func inverse(_ spread: Double, _ feature: Int) -> Float {
      let inverse = Float(1 / spread)
      // A constant feature tells nothing: it becomes 0 whatever it is later.
      return lowest[feature] < highest[feature] && inverse.isFinite ? inverse : 0
    }
    if scaling == .minMax {
      let scale = (0..<width).map { inverse(Double(highest[$0]) - Double(lowest[$0]), $0) }
      return (lowest, scale)
    }
    var squares = [Double](repeating: 0, count: width)
    try each { feature, value in
      let distance = Double(value) - means[feature]
      squares[feature] += distance * distance
    }
    let scale = (0..<width).map { inverse((squares[$0] / count).squareRoot(), $0) }
    return (means.map { Float($0) }, scale)
  }

  /// One fill value a column, of the values that are not missing; 0 where all are, and for
  /// categories, which none stands in for. Of rows on disk, 100,000 that are evenly spread are
  /// looked at.
  private static func fill(
    _ dataset: Dataset, _ indices: [Int], _ imputation: Imputation, _ table: TableEncoding
  ) throws(DataError) -> [Float] {
    let width = dataset.featureCount
    // Of rows on disk, those of a sample stand for all.
    let (features, rows) = try dataset.features.sampled(indices, width: width)
    var fill = [Float](repeating: 0, count: width)
    for (feature, column) in table.columns.enumerated() where column.kind != .category {
      let all = features.column(feature, rows: rows, width: width)
      var present = all.filter { !$0.isNaN }
      if imputation == .none {
        guard present.count == all.count else {
          throw .invalidValue(
            operation: "impute",
            reason:
              "column '\(column.name.excerpt())' lacks \(all.count - present.count) values among "
              + "the examples to learn from, and nothing replaces them")
        }
        continue
      }
      guard !present.isEmpty else { continue }
      switch imputation {
      case .mean:
        fill[feature] = Float(present.reduce(0) { $0 + Double($1) } / Double(present.count))
      case .median:
        let upper = Selection.element(at: present.count / 2, of: &present)
        // What lies before the upper middle is not above it; the lower middle is its largest.
        let lower =
          present.count % 2 == 1 ? upper : present[..<(present.count / 2)].max() ?? upper
        fill[feature] = Float((Double(lower) + Double(upper)) / 2)
      case .mostFrequent:
        present.sort()
        fill[feature] = longestRun(present)
      case .none: break
      }
    }
    return imputation == .none ? [] : fill
  }

  /// The value that stands most often in a sorted array; of several, the smallest.
  private static func longestRun(_ sorted: [Float]) -> Float {
    var best: Float = 0
    var bestLength = 0
    var start = 0
    for index in sorted.indices {
      if sorted[index] != sorted[start] { start = index }
      if index - start + 1 > bestLength { (best, bestLength) = (sorted[index], index - start + 1) }
    }
    return best
  }
}
