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
    let fill =
      table == nil ? [] : try self.fill(dataset, indices, imputation, names: table?.featureNames)
    let needsStatistics = scaling == .standard || scaling == .minMax
    var center: [Float] = [0]
    var scale: [Float] = [1]
    if case .fixed(let fixedCenter, let fixedScale) = scaling {
      (center, scale) = ([fixedCenter], [fixedScale])
    } else if needsStatistics {
      (center, scale) = statistics(dataset, indices, scaling, fill: fill)
      for feature in table?.oneHotFeatures ?? [] { (center[feature], scale[feature]) = (0, 1) }
    }
    return try Preprocessing(
      featureShape: dataset.featureShape, center: center, scale: scale, fill: fill, table: table)
  }

  private static func value(_ features: Dataset.Features, _ index: Int) -> Float {
    switch features {
    case .uint8(let values): Float(values[index])
    case .float32(let values): values[index]
    }
  }

  private static func statistics(
    _ dataset: Dataset, _ indices: [Int], _ scaling: FeatureScaling, fill: [Float]
  ) -> (center: [Float], scale: [Float]) {
    let width = dataset.featureCount
    var sums = [Double](repeating: 0, count: width)
    var lowest = [Float](repeating: .infinity, count: width)
    var highest = [Float](repeating: -.infinity, count: width)
    func each(_ body: (Int, Float) -> Void) {
      for index in indices {
        for feature in 0..<width {
          let raw = value(dataset.features, index * width + feature)
          body(feature, raw.isNaN && !fill.isEmpty ? fill[feature] : raw)
        }
      }
    }
    each { feature, value in
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
    each { feature, value in
      let distance = Double(value) - means[feature]
      squares[feature] += distance * distance
    }
    let scale = (0..<width).map { inverse((squares[$0] / count).squareRoot(), $0) }
    return (means.map { Float($0) }, scale)
  }

  /// One fill value a feature, of the values that are not missing; 0 where all are.
  private static func fill(
    _ dataset: Dataset, _ indices: [Int], _ imputation: Imputation, names: [String]?
  ) throws(DataError) -> [Float] {
    let width = dataset.featureCount
    var fill = [Float](repeating: 0, count: width)
    for feature in 0..<width {
      let all = indices.map { value(dataset.features, $0 * width + feature) }
      var present = all.filter { !$0.isNaN }
      if imputation == .none {
        guard present.count == all.count else {
          let name = names?[feature] ?? "\(feature)"
          throw .invalidValue(
            operation: "Preprocessing.fitted",
            reason: "column '\(name.excerpt())' has \(all.count - present.count) missing values "
              + "and nothing to replace them")
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
