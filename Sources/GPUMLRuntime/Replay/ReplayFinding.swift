/// How long a plan's launches take one by one, and replayed from the driver's command buffer.
package struct ReplayFinding: Sendable, Codable, Equatable {
  /// What the plan computes, in a few words.
  package let label: String
  /// Seconds of a run of all launches.
  package let launched: Double
  /// The same replayed; nil if the launches are so long that replaying them could not show.
  package let replayed: Double?

  /// How much faster a replay must be, so that chance does not decide: by a twentieth.
  private static let margin = 0.95
  /// Launching one costs a few microseconds at most, which is a twentieth of this many seconds.
  private static let longLaunch = 60e-6

  /// Whether the plan is replayed.
  package var isReplayed: Bool { replayed.map { $0 < launched * ReplayFinding.margin } ?? false }

  /// Measures both by turns.
  ///
  /// - Parameters:
  ///   - launches: How many there are.
  ///   - run: Runs all launches one by one (false) or replays them (true) and returns the seconds.
  package init(label: String, launches: Int, run: (Bool) throws -> Double) rethrows {
    self.label = label
    let first = min(try run(false), try run(false))
    guard first < Double(launches) * ReplayFinding.longLaunch else {
      (launched, replayed) = (first, nil)
      return
    }
    _ = try run(true)
    var times: (launched: [Double], replayed: [Double]) = ([], [])
    for _ in 0..<9 {
      times.launched.append(try run(false))
      times.replayed.append(try run(true))
    }
    launched = times.launched.sorted()[4]
    replayed = times.replayed.sorted()[4]
  }

  /// Such as "matmul …: 41.0 µs launched, 38.2 µs replayed".
  package var text: String {
    func microseconds(_ seconds: Double) -> String { "\((seconds * 1e7).rounded() / 10) µs" }
    let other = replayed.map { "\(microseconds($0)) replayed" } ?? "too long for a replay to show"
    return "\(label): \(microseconds(launched)) launched, \(other)"
  }
}
