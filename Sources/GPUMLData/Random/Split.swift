/// Which examples train, which validate and which test.
public struct Split: Sendable, Equatable {
  /// The examples to learn from, in ascending order.
  public let train: [Int]
  /// The examples that choose the best epoch, in ascending order.
  public let validation: [Int]
  /// The examples kept for the end, in ascending order.
  public let test: [Int]

  /// Takes a division as it is.
  ///
  /// - Parameters:
  ///   - train: The examples to learn from, in ascending order.
  ///   - validation: Those that choose the best epoch, in ascending order.
  ///   - test: Those kept for the end, in ascending order.
  public init(train: [Int], validation: [Int], test: [Int]) {
    self.train = train
    self.validation = validation
    self.test = test
  }

  /// Divides `0..<count` at random.
  ///
  /// Each share is rounded to whole examples and is at least one where its fraction is above 0 and
  /// enough examples exist; training always keeps at least one.
  ///
  /// - Throws: `DataError.invalidValue` unless both fractions are at least 0 and their sum is below 1.
  public static func random(
    count: Int, validation: Double, test: Double = 0, seed: UInt64
  ) throws -> Split {
    try check(validation, test)
    return divide([try CompactIndices.all(count)], validation, test, seed)
  }

  /// Divides so that each class has nearly the same share everywhere; data without classes is
  /// divided at random.
  ///
  /// - Throws: `DataError.invalidValue` unless both fractions are at least 0 and their sum is below 1.
  public static func stratified(
    _ dataset: Dataset, validation: Double, test: Double = 0, seed: UInt64
  ) throws -> Split {
    try check(validation, test)
    guard case .classes(let labels, let names) = dataset.labels else {
      return divide([try CompactIndices.all(dataset.count)], validation, test, seed)
    }
    var groups = [[UInt32]](repeating: [], count: names.count)
    for index in try CompactIndices.all(dataset.count) {
      groups[Int(labels[Int(index)])].append(index)
    }
    return divide(groups, validation, test, seed)
  }

  private static func check(_ validation: Double, _ test: Double) throws(DataError) {
    guard validation >= 0, test >= 0, validation + test < 1 else {
      throw .invalidValue(
        operation: "Split",
        reason: "fractions of \(validation) for validation and \(test) for test leave "
          + "nothing to train")
    }
  }

  /// Takes the shares of the whole from groups that are shuffled one by one, spreading the rounding
  /// over the groups so that the totals come out right.
  private static func divide(
    _ groups: [[UInt32]], _ validation: Double, _ test: Double, _ seed: UInt64
  ) -> Split {
    var parts: [[UInt32]] = [[], [], []]
    let total = groups.reduce(0) { $0 + $1.count }
    let wanted = shares(of: total, validation, test)
    var seen = 0
    for (group, members) in groups.enumerated() {
      var members = members
      Shuffle.shuffle(&members, seed: seed, stream: ~UInt64(group))
      seen += members.count
      // What all groups so far should have given, less what they gave.
      var rest = members[...]
      // The test part first: it is the same however the rest is divided.
      for part in [1, 0] {
        let due = Int((Double(wanted[part]) * Double(seen) / Double(max(total, 1))).rounded())
        // A class of one or two examples stays learnable: training keeps at least one.
        let take = max(0, min(due - parts[part].count, rest.count - 1))
        parts[part] += rest.prefix(take)
        rest = rest.dropFirst(take)
      }
      parts[2] += rest
    }
    for part in parts.indices { parts[part].sort() }
    return Split(
      train: parts[2].map(Int.init), validation: parts[0].map(Int.init),
      test: parts[1].map(Int.init))
  }

  private static func shares(of total: Int, _ validation: Double, _ test: Double) -> [Int] {
    [validation, test].map { fraction in
      guard fraction > 0, total > 2 else { return 0 }
      return max(1, Int((Double(total) * fraction).rounded()))
    }
  }
}
