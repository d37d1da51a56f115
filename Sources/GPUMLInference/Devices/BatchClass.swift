/// How many examples are predicted at a time, roughly: devices differ by orders, not by one more.
package struct BatchClass: Sendable, Hashable {
  /// The counts that belong together: each class ends at a power of 4.
  private let counts: ClosedRange<Int>

  package init(_ count: Int) {
    var last = 1
    while last < count, last < Int.max / 8 { last *= 4 }
    counts = (last / 4 + 1)...last
  }
}

extension BatchClass: CustomStringConvertible {
  /// Such as "batch 1" or "batches of 5 to 16".
  package var description: String {
    counts.count == 1
      ? "batch \(counts.lowerBound)" : "batches of \(counts.lowerBound) to \(counts.upperBound)"
  }
}
