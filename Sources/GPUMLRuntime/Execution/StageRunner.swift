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
          pools.withLock { $0.bySymbols[symbols]?.pending.append(step) }
          return step
        } catch {
          // What was enqueued before the failure may still use the slot's staging memory.
          try? await store.context.transferQueue.finishAsync()
          try? await store.context.computeQueue.finishAsync()
          pools.withLock { $0.bySymbols[symbols]?.free.append(slot) }
          throw error
        }
      case .busy(let step):
        // Its error belongs to whoever submitted it; here only the place counts.
        _ = try? await step.results()
      case .contended: await Task.yield()
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
      pools.withLock { pools in
        pools.bySymbols[symbols] = Pool(plan: plan)
        pools.recent.append(symbols)
        if pools.recent.count > StageRunner.mostPlans {
          pools.bySymbols[pools.recent.removeFirst()] = nil
        }
      }
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

  private func acquire(_ symbols: [String: Int]) async throws -> Acquired {
    let plan = try await knownPlan(symbols)
    let most = plan.hasUpdates ? 1 : StageRunner.mostExecutions
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
      pools.withLock { pools in
        for binding in 1..<Execution.bindingCount {
          pools.bySymbols[symbols]?.free.append(Slot(execution: execution, binding: binding))
        }
      }
      return .free(Slot(execution: execution, binding: 0))
    } catch {
      pools.withLock { $0.bySymbols[symbols]?.executions -= 1 }
      throw error
    }
  }
}
