import Synchronization

/// Lets steps be enqueued side by side, or one step of several stages without any other in between.
///
/// Whoever comes first goes first, so that nobody waits for ever.
final class StepGate: Sendable {
  private struct Waiter {
    let isAlone: Bool
    let continuation: CheckedContinuation<Void, Never>
  }

  private struct State {
    var inside = 0
    var isClosed = false
    var waiting: [Waiter] = []

    /// Counts a newcomer in, if it may enter.
    mutating func admit(alone: Bool) -> Bool {
      guard !isClosed, !alone || inside == 0 else { return false }
      inside += 1
      isClosed = alone
      return true
    }
  }

  private let state = Mutex(State())

  /// Waits for admission; each `enter` needs its `leave`.
  func enter(alone: Bool = false) async {
    let isIn = state.withLock { $0.waiting.isEmpty && $0.admit(alone: alone) }
    if isIn { return }
    await withCheckedContinuation { continuation in
      let isIn = state.withLock { state in
        // The last may have left meanwhile, and nobody would wake the newcomer.
        if state.waiting.isEmpty, state.admit(alone: alone) { return true }
        state.waiting.append(Waiter(isAlone: alone, continuation: continuation))
        return false
      }
      if isIn { continuation.resume() }
    }
  }

  /// Makes room for those who wait.
  func leave(alone: Bool = false) {
    let admitted = state.withLock { state in
      state.inside -= 1
      if alone { state.isClosed = false }
      var admitted: [CheckedContinuation<Void, Never>] = []
      while let next = state.waiting.first, state.admit(alone: next.isAlone) {
        admitted.append(next.continuation)
        state.waiting.removeFirst()
      }
      return admitted
    }
    for continuation in admitted { continuation.resume() }
  }
}
