/// How long repeated work took.
package struct MeasuredTimes: Sendable {
  /// The fewest runs that make a median.
  private static let fewest = 5
  private static let most = 100_000

  /// Seconds of each run, in ascending order; at least one.
  private let sorted: [Double]

  /// Runs work twice to warm up, then again and again for about the given time.
  package init(seconds: Double, _ work: () async throws -> Void) async throws {
    for _ in 0..<2 { try await work() }
    let begin = ContinuousClock.now
    var times: [Double] = []
    repeat {
      let start = ContinuousClock.now
      try await work()
      times.append((ContinuousClock.now - start).inSeconds)
    } while times.count < MeasuredTimes.fewest
      || ((ContinuousClock.now - begin).inSeconds < seconds && times.count < MeasuredTimes.most)
    sorted = times.sorted()
  }

  private init(sorted: [Double]) { self.sorted = sorted }

  /// The runs of both.
  package func joined(_ other: MeasuredTimes) -> MeasuredTimes {
    MeasuredTimes(sorted: (sorted + other.sorted).sorted())
  }

  /// The middle run.
  package var median: Double { sorted[sorted.count / 2] }
  /// The fastest run.
  package var minimum: Double { sorted[0] }
  /// The time that 99 of 100 runs do not exceed.
  package var p99: Double { sorted[min(sorted.count - 1, sorted.count * 99 / 100)] }
}

extension Duration {
  fileprivate var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
