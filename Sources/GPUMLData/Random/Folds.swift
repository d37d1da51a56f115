extension Split {
  /// Divides examples into folds for cross-validation: each class has nearly the same share of every
  /// fold, and folds differ by an example at most; data without classes are divided at random.
  ///
  /// - Parameters:
  ///   - dataset: The examples.
  ///   - indices: Those to divide; nil for all.
  ///   - count: The number of folds, at least 2 and at most as many as there are examples.
  ///   - seed: The run's seed.
  /// - Returns: For each fold its examples in ascending order.
  /// - Throws: `DataError.invalidValue` if there are too few or too many folds.
  public static func folds(
    of dataset: Dataset, indices: [Int]? = nil, count: Int, seed: UInt64
  ) throws -> [[Int]] {
    let indices = indices ?? Array(0..<dataset.count)
    try dataset.check(indices, operation: "Split.folds")
    guard count >= 2, count <= indices.count else {
      throw DataError.invalidValue(
        operation: "folds",
        reason: "\(count) is not in 2...\(max(2, indices.count)), the number of examples")
    }
    var groups: [[Int]] = [indices]
    if case .classes(let labels, let names) = dataset.labels {
      groups = [[Int]](repeating: [], count: names.count)
      for index in indices { groups[Int(labels[index])].append(index) }
    }
    var folds = [[Int]](repeating: [], count: count)
    var next = 0
    for (group, members) in groups.enumerated() {
      var members = members
      Shuffle.shuffle(&members, seed: seed, stream: ~UInt64(group))
      for member in members {
        folds[next % count].append(member)
        next += 1
      }
    }
    return folds.map { $0.sorted() }
  }
}
