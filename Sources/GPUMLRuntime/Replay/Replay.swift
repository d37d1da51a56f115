import GPUMLDevice
import Synchronization

/// The launches of an execution as the driver has recorded them, if it replays them.
final class Replay: Sendable {
  private struct State {
    /// For each binding the buffers of the segments; nil while launches go one by one.
    var recordings: [[CommandBuffer]]?
    var isDecided = true
    /// The bindings that hold the inputs of a step.
    var filled: Set<Int> = []
  }

  private let choices: ReplayChoices
  private let queue: Queue
  private let plan: Plan
  private let bindings: [StepBinding]
  private let state = Mutex<State>(State())

  init(_ choices: ReplayChoices, _ plan: Plan, _ bindings: [StepBinding], on queue: Queue) {
    self.choices = choices
    self.queue = queue
    self.plan = plan
    self.bindings = bindings
    guard choices.functions != nil, !plan.launches.isEmpty else { return }
    switch choices.mode {
    case .off: break
    case .on: use(true)
    case .measured:
      if let known = choices.finding(plan) {
        use(known.isReplayed)
      } else {
        state.withLock { $0.isDecided = false }
      }
    }
  }

  /// Whether steps are replayed.
  var isUsed: Bool { state.withLock { $0.recordings != nil } }

  /// Starts the launches of a segment, if they are recorded.
  ///
  /// - Returns: Whether it did; what a driver refuses to replay is never tried again.
  func start(segment: Int, binding: Int) -> Bool {
    guard let recordings = state.withLock({ $0.recordings }) else { return false }
    do {
      try queue.replay(recordings[binding][segment])
      return true
    } catch {
      DebugLog.shared.print(1) { "command buffers are given up: \(error)" }
      use(false)
      return false
    }
  }

  /// Notes that a step has left its inputs in a binding.
  func fill(_ binding: Int) {
    state.withLock { state in
      if !state.isDecided { state.filled.insert(binding) }
    }
  }

  /// Whether it should be measured now, on the inputs in a binding.
  func isDue(_ binding: Int) -> Bool {
    state.withLock { !$0.isDecided && $0.filled.contains(binding) }
  }

  /// Measures which way is faster, and takes it.
  ///
  /// - Parameter run: Runs the launches that change no variables and returns the seconds.
  func decide(_ run: () throws -> Double) {
    state.withLock { $0.isDecided = true }
    let finding = try? ReplayFinding(
      label: plan.label,
      launches: plan.segments.filter { $0.purpose == .computation }.reduce(0) {
        $0 + $1.launches.count
      }
    ) { isReplayed in
      use(isReplayed)
      return try run()
    }
    use(finding?.isReplayed ?? false)
    guard let finding else { return }
    DebugLog.shared.print(2) { "\(finding.text)\(finding.isReplayed ? ": replayed" : "")" }
    choices.add(finding, of: plan)
  }

  private func use(_ isReplayed: Bool) {
    let recordings = isReplayed ? try? record() : nil
    state.withLock { $0.recordings = recordings }
  }

  private func record() throws -> [[CommandBuffer]]? {
    guard let functions = choices.functions else { return nil }
    return try bindings.map { binding in
      try plan.segments.map { segment in
        try CommandBuffer(
          Array(binding.launches[segment.launches]), for: queue, using: functions)
      }
    }
  }
}

extension Plan {
  /// The first launch and how many there are.
  fileprivate var label: String { "\(launches.count) launches from \(launches[0].label)" }
}
