import GPUMLDevice
import GPUMLGraph
import Synchronization

/// Runs one stage of a session's graph, whose sizes are known.
///
/// A plan is made at the first run with new sizes and kept for the next.
final class StageRunner: Sendable {
  let stage: GraphStage
  private let store: VariableStore
  private let planner: Planner
  private let pools = Mutex<Pools>(Pools())
  /// Held while a plan is made, so that two tasks do not compile the same.
  private let planning = Mutex<Void>(())

  private struct Pools {
    var bySymbols: [[String: Int]: StepPool] = [:]
    /// The sizes in the order of their last use.
    var recent: [[String: Int]] = []
  }

  private static let mostPlans = 8

  init(_ stage: GraphStage, store: VariableStore) {
    self.stage = stage
    self.store = store
    planner = Planner(
      context: store.context, layout: store.layout, kernels: store.kernels, options: store.options)
  }

  /// Starts a step; waits only while as many steps are in flight as are allowed.
  ///
  /// - Parameters:
  ///   - inputs: A value for each input of the stage, of its type.
  ///   - symbols: The value of every symbol.
  ///   - earlier: Results of earlier stages, which the step returns as well.
  ///   - isAlone: Whether the caller has made sure that no other step comes in between.
  func submit(
    _ inputs: [String: HostTensor], symbols: [String: Int], earlier: [String: HostTensor],
    isAlone: Bool
  ) async throws -> PendingStep {
    let values = try stage.graph.inputs.map { input in
      guard let value = inputs[input.label] else {
        throw RuntimeError.invalidInput(name: input.label, reason: "no value was given")
      }
      return value
    }
    let pool = try await pool(symbols)
    let slot = try await pool.acquire()
    if slot.execution.isReplayDue(binding: slot.binding) {
      try await Blocking.run { slot.execution.chooseReplay(binding: slot.binding) }
    }
    if !isAlone { await store.gate.enter() }
    defer { if !isAlone { store.gate.leave() } }
    do {
      let event = try slot.execution.enqueue(
        values, binding: slot.binding, leavesInputs: false)
      let step = PendingStep(
        slot.execution, binding: slot.binding, event: event, earlier: earlier)
      pool.add(step)
      return step
    } catch {
      // What was enqueued before the failure may still use the slot's staging memory.
      try? await store.context.transferQueue.finishAsync()
      try? await store.context.computeQueue.finishAsync()
      pool.giveBack(slot)
      throw error
    }
  }

  /// The plan for given sizes, made if there is none.
  func plan(_ symbols: [String: Int]) throws -> Plan { try makePool(symbols).plan }

  /// Whether steps of given sizes are replayed.
  func isReplayed(_ symbols: [String: Int]) -> Bool {
    pools.withLock { $0.bySymbols[symbols] }?.isReplayed ?? false
  }

  private func makePool(_ symbols: [String: Int]) throws -> StepPool {
    try planning.withLock { _ in
      if let pool = pools.withLock({ $0.bySymbols[symbols] }) { return pool }
      let plan = try planner.plan(
        stage.graph, symbols: symbols, advancesState: stage.advancesState)
      DebugLog.shared.print(2) { plan.description }
      let pool = StepPool(plan, store: store)
      pools.withLock { pools in
        pools.bySymbols[symbols] = pool
        pools.recent.append(symbols)
        // Who still uses the oldest keeps it alive.
        if pools.recent.count > StageRunner.mostPlans {
          pools.bySymbols[pools.recent.removeFirst()] = nil
        }
      }
      return pool
    }
  }

  /// A plan's places at hand, or those of a plan made on a thread that may block: compiling takes
  /// seconds.
  private func pool(_ symbols: [String: Int]) async throws -> StepPool {
    let known: StepPool? = pools.withLock { pools in
      guard let pool = pools.bySymbols[symbols] else { return nil }
      if pools.recent.last != symbols {
        pools.recent.removeAll { $0 == symbols }
        pools.recent.append(symbols)
      }
      return pool
    }
    if let known { return known }
    return try await Blocking.run { try self.makePool(symbols) }
  }
}
