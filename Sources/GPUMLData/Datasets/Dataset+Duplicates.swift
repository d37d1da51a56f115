extension Dataset {
  /// The examples that are like none before them, values and label.
  ///
  /// Examples are told apart by 64 bits of a keyed hash: of five million different ones, two have
  /// the same with a probability below one in a million.
  ///
  /// - Throws: `DataError.unreadable` if they are on a disk that fails.
  func withoutDuplicates() throws(DataError) -> [Int] {
    var seen: Set<Int> = []
    var kept: [Int] = []
    let width = featureCount
    var index = 0
    try features.forEachRow(0..<count, width: width) { values, start in
      var hasher = Hasher()
      for value in values[start..<start + width] { hasher.combine(value.bitPattern) }
      hasher.combine(labelBits(index))
      if seen.insert(hasher.finalize()).inserted { kept.append(index) }
      index += 1
    }
    return kept
  }

  private func labelBits(_ index: Int) -> UInt32 {
    switch labels {
    case .classes(let classes, _): UInt32(bitPattern: classes[index])
    case .targets(let targets): targets[index].bitPattern
    case .none: 0
    }
  }
}
