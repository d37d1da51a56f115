import Synchronization

/// The places in which the steps of one plan run: a bounded number of executions.
final class StepPool: Sendable {
  let plan: Plan
  private let store: VariableStore
  private let state = Mutex<State>(State())

  private struct State {
    var free: [Slot] = []
    var pending: [PendingStep] = []
    var executions = 0
    /// Tasks that wait for a place.
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private enum Place {
    /// A place that the caller now owns.
    case free(Slot)
    /// Another execution may be made.
    case new
    /// The oldest step in flight: once it has ended its place is free for whoever comes first.
    case busy(PendingStep)
    /// Other tasks are just about to use every place.
    case contended
  }

  /// The most executions of a plan that changes no variables; steps of others follow one another.
  private static let mostExecutions = 4

  init(_ plan: Plan, store: VariableStore) {
    self.plan = plan
    self.store = store
  }

  /// A place for a step, which the caller owns until it calls `add` or `giveBack`; waits only while
  /// as many steps are in flight as are allowed.
  func acquire() async throws -> Slot {
    while true {
      switch next() {
      case .free(let slot): return slot
      case .new: return try await makeExecution()
      // Its error belongs to whoever submitted it; here only the place counts.
      case .busy(let step): _ = try? await step.results()
      case .contended: await waitForPlace()
      }
    }
  }

  /// Takes a step under way, whose place is free once it has ended.
  func add(_ step: PendingStep) { change { $0.pending.append(step) } }

  /// Takes a place back in which nothing runs.
  func giveBack(_ slot: Slot) { change { $0.free.append(slot) } }

  /// Whether steps are replayed: those in places at hand, of which there is one between steps.
  var isReplayed: Bool {
    state.withLock { state in
      (state.free + state.pending.map(\.slot)).contains { $0.execution.isReplayed }
    }
  }

  private var most: Int { plan.hasUpdates ? 1 : StepPool.mostExecutions }

  private func next() -> Place {
    state.withLock { state in
      if let slot = state.free.popLast() { return .free(slot) }
      if let ended = state.pending.firstIndex(where: \.isFinished) {
        return .free(state.pending.remove(at: ended).slot)
      }
      if state.executions < most {
        state.executions += 1
        return .new
      }
      return state.pending.first.map { .busy($0) } ?? .contended
    }
  }

  private func makeExecution() async throws -> Slot {
    do {
      let (plan, store) = (plan, store)
      let execution = try await Blocking.run { try Execution(plan, store: store) }
      change { state in
        state.free += (1..<Execution.bindingCount).map { Slot(execution: execution, binding: $0) }
      }
      return Slot(execution: execution, binding: 0)
    } catch {
      change { $0.executions -= 1 }
      throw error
    }
  }

  /// Makes a change and wakes those who wait for one.
  private func change(_ change: (inout State) -> Void) {
    let waiting = state.withLock { state in
      change(&state)
      defer { state.waiting = [] }
      return state.waiting
    }
    for task in waiting { task.resume() }
  }

  /// Returns after the next change, if every place is about to be used.
  private func waitForPlace() async {
    await withCheckedContinuation { task in
      let mustWait = state.withLock { state in
        guard state.free.isEmpty, state.pending.isEmpty, state.executions >= most else {
          return false
        }
        state.waiting.append(task)
        return true
      }
      if !mustWait { task.resume() }
    }
  }
}
