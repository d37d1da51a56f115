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
    var bySymbols: [[String: Int]: Pool] = [:]
    /// The sizes in the order of their last use.
    var recent: [[String: Int]] = []
  }

  private struct Pool {
    let plan: Plan
    var free: [Slot] = []
    var pending: [PendingStep] = []
    var executions = 0
    /// Tasks that wait for a place.
    var waiting: [CheckedContinuation<Void, Never>] = []

    /// Makes a change and returns whom it is to wake.
    mutating func changed(
      _ change: (inout Pool) -> Void = { _ in }
    ) -> [CheckedContinuation<Void, Never>] {
      change(&self)
      defer { waiting = [] }
      return waiting
    }
  }

  private static let mostPlans = 8
  private static let mostExecutions = 4

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
    while true {
      switch try await acquire(symbols) {
      case .free(let slot):
        if !isAlone { await store.gate.enter() }
        defer { if !isAlone { store.gate.leave() } }
        do {
          let event = try slot.execution.enqueue(values, binding: slot.binding)
          let step = PendingStep(
            slot.execution, binding: slot.binding, event: event, earlier: earlier)
          change(symbols) { $0.pending.append(step) }
          return step
        } catch {
          // What was enqueued before the failure may still use the slot's staging memory.
          try? await store.context.transferQueue.finishAsync()
          try? await store.context.computeQueue.finishAsync()
          change(symbols) { $0.free.append(slot) }
          throw error
        }
      case .busy(let step):
        // Its error belongs to whoever submitted it; here only the place counts.
        _ = try? await step.results()
      case .contended: await waitForPlace(symbols)
      }
    }
  }

  /// The plan for given sizes, made if there is none.
  func plan(_ symbols: [String: Int]) throws -> Plan {
    try planning.withLock { _ in
      if let plan = pools.withLock({ $0.bySymbols[symbols]?.plan }) { return plan }
      let plan = try planner.plan(
        stage.graph, symbols: symbols, advancesState: stage.advancesState)
      DebugLog.shared.print(2) { plan.description }
      let waiting = pools.withLock { pools -> [CheckedContinuation<Void, Never>] in
        pools.bySymbols[symbols] = Pool(plan: plan)
        pools.recent.append(symbols)
        guard pools.recent.count > StageRunner.mostPlans else { return [] }
        let oldest = pools.recent.removeFirst()
        defer { pools.bySymbols[oldest] = nil }
        return pools.bySymbols[oldest]?.changed() ?? []
      }
      for task in waiting { task.resume() }
      return plan
    }
  }

  /// A plan at hand, or one made on a thread that may block: compiling takes seconds.
  private func knownPlan(_ symbols: [String: Int]) async throws -> Plan {
    let known: Plan? = pools.withLock { pools in
      guard let plan = pools.bySymbols[symbols]?.plan else { return nil }
      if pools.recent.last != symbols {
        pools.recent.removeAll { $0 == symbols }
        pools.recent.append(symbols)
      }
      return plan
    }
    if let known { return known }
    return try await Blocking.run { try self.plan(symbols) }
  }

  private enum Acquired {
    /// A place that this caller now owns.
    case free(Slot)
    /// The oldest step in flight: once it has ended its place is free for whoever comes first.
    case busy(PendingStep)
    /// Other tasks are just about to use every place.
    case contended
  }

  private func change(_ symbols: [String: Int], _ change: (inout Pool) -> Void) {
    let waiting = pools.withLock { $0.bySymbols[symbols]?.changed(change) ?? [] }
    for task in waiting { task.resume() }
  }

  /// Returns after the next change of a pool of which every place is about to be used.
  private func waitForPlace(_ symbols: [String: Int]) async {
    await withCheckedContinuation { task in
      let mustWait = pools.withLock { pools in
        guard let pool = pools.bySymbols[symbols], pool.free.isEmpty, pool.pending.isEmpty,
          pool.executions >= StageRunner.most(of: pool.plan)
        else { return false }
        pools.bySymbols[symbols]?.waiting.append(task)
        return true
      }
      if !mustWait { task.resume() }
    }
  }

  private static func most(of plan: Plan) -> Int { plan.hasUpdates ? 1 : mostExecutions }

  private func acquire(_ symbols: [String: Int]) async throws -> Acquired {
    let plan = try await knownPlan(symbols)
    let most = StageRunner.most(of: plan)
    let found: Acquired? = pools.withLock { pools in
      guard var pool = pools.bySymbols[symbols] else { return .contended }
      defer { pools.bySymbols[symbols] = pool }
      if let slot = pool.free.popLast() { return .free(slot) }
      if let ended = pool.pending.firstIndex(where: \.isFinished) {
        return .free(pool.pending.remove(at: ended).slot)
      }
      if pool.executions < most {
        pool.executions += 1
        return nil
      }
      return pool.pending.first.map { .busy($0) } ?? .contended
    }
    if let found { return found }
    do {
      let store = store
      let execution = try await Blocking.run { try Execution(plan, store: store) }
      change(symbols) { pool in
        pool.free += (1..<Execution.bindingCount).map { Slot(execution: execution, binding: $0) }
      }
      return .free(Slot(execution: execution, binding: 0))
    } catch {
      change(symbols) { $0.executions -= 1 }
      throw error
    }
  }
}
