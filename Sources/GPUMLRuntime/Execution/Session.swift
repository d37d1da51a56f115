import GPUMLDevice
import GPUMLGraph
import Synchronization

/// Runs one graph on one store of variables.
///
/// A plan is made at the first run with new sizes and kept for the next. A session may be used from
/// many tasks; steps that update variables run in the order in which they were submitted.
///
/// A graph with sizes that data decide, such as that of `Tensor.nonZero(dtype:)`, runs in stages: each
/// tells the sizes of the next, which is planned when they are known. Other steps on the store wait
/// until its last stage is under way, so that all stages see the same variables and random numbers.
public final class Session: Sendable {
  private let graph: Graph
  private let store: VariableStore
  private let stages: [StageRunner]
  /// What the sizes of the last run's inputs told.
  private let lastSizes = Mutex<InputSizes?>(nil)

  /// Prepares a graph for running; plans are made when sizes are known.
  ///
  /// - Throws: `RuntimeError.invalidVariable` if the store lacks one of the graph's variables;
  ///   `RuntimeError.unsupported` if data decide sizes that depend on one another too deeply.
  public init(_ graph: Graph, store: VariableStore) throws {
    for variable in graph.variables { _ = try store.layout.range(of: variable) }
    self.graph = try Planner.rewritten(graph)
    self.store = store
    stages = try self.graph.stages().map { StageRunner($0, store: store) }
  }

  /// Runs a step and waits for it.
  ///
  /// - Parameter inputs: A value for each input of the graph.
  /// - Returns: The graph's outputs by name.
  /// - Throws: `RuntimeError.invalidInput` or `GraphError` if the inputs do not fit; `DeviceError`
  ///   if the device fails.
  public func run(_ inputs: [String: HostTensor] = [:]) async throws -> [String: HostTensor] {
    try await submit(inputs).outputs()
  }

  /// Starts a step; waits only while as many steps are in flight as the session allows, and for all
  /// stages but the last where data decide sizes.
  ///
  /// - Throws: As `run(_:)`.
  public func submit(_ inputs: [String: HostTensor] = [:]) async throws -> PendingStep {
    let symbols = try symbols(inputs)
    for input in graph.inputs {
      guard let value = inputs[input.label] else {
        throw RuntimeError.invalidInput(name: input.label, reason: "no value was given")
      }
      guard value.dtype == input.type.dtype else {
        throw RuntimeError.invalidInput(
          name: input.label, reason: "is \(value.dtype), not \(input.type.dtype)")
      }
    }
    if stages.count == 1 {
      return try await stages[0].submit(inputs, symbols: symbols, earlier: [:], isAlone: false)
    }
    let isAlone = !graph.variables.isEmpty || graph.drawsRandomNumbers
    if isAlone { await store.gate.enter(alone: true) }
    defer { if isAlone { store.gate.leave(alone: true) } }
    return try await submitStages(inputs, symbols, isAlone: isAlone)
  }

  /// The value of every symbol; for inputs as large as those of the run before it is known.
  private func symbols(_ inputs: [String: HostTensor]) throws -> [String: Int] {
    if let last = lastSizes.withLock({ $0 }), last.fits(inputs, of: graph) { return last.symbols }
    let symbols = try graph.bindSymbols(inputs: inputs.mapValues(\.shape))
    let shapes = graph.inputs.map { inputs[$0.label]?.shape ?? [] }
    lastSizes.withLock { $0 = InputSizes(shapes: shapes, symbols: symbols) }
    return symbols
  }

  private func submitStages(
    _ inputs: [String: HostTensor], _ symbols: [String: Int], isAlone: Bool
  ) async throws -> PendingStep {
    var (values, symbols) = (inputs, symbols)
    var results: [String: HostTensor] = [:]
    for (place, runner) in stages.enumerated() {
      // Sizes that a stage does not name would only keep its plans apart.
      let known = symbols.filter { runner.stage.symbols.contains($0.key) }
      let isLast = place == stages.count - 1
      let step = try await runner.submit(
        values, symbols: known, earlier: isLast ? results : [:], isAlone: isAlone)
      if isLast { return step }
      for (name, value) in try await step.outputs() {
        if let symbol = runner.stage.sizes[name] {
          symbols[symbol] = Int(value.doubles[0])
        } else if runner.stage.carried.contains(name) {
          values[name] = value
        } else {
          results[name] = value
        }
      }
    }
    throw RuntimeError.unsupported(primitive: "graph", reason: "it has no stages")
  }

  /// The plan for given sizes as text, made if there is none: a line a launch, and the memory.
  ///
  /// - Parameter sizes: The value of each symbol of the graph's inputs.
  /// - Throws: `GraphError` if a size is missing; `RuntimeError.unsupported` if data decide sizes.
  public func planDescription(_ sizes: [String: Int]) throws -> String {
    try plan(sizes).description
  }

  /// The plan for given sizes, made if there is none; for measuring and for summaries.
  ///
  /// - Throws: `RuntimeError.unsupported` if data decide sizes, so that there is no one plan.
  package func plan(_ symbols: [String: Int]) throws -> Plan {
    guard stages.count == 1 else {
      throw RuntimeError.unsupported(
        primitive: NonZero.name, reason: "its graph has a plan for each run")
    }
    return try stages[0].plan(symbols)
  }

  /// What was measured of replaying the plan for given sizes; nil if nothing was.
  package func replayFinding(_ symbols: [String: Int]) throws -> ReplayFinding? {
    store.replays.finding(try plan(symbols))
  }

  /// Whether steps of given sizes are replayed from command buffers.
  package func isReplayed(_ symbols: [String: Int]) -> Bool {
    stages.count == 1 && stages[0].isReplayed(symbols)
  }
}

/// The sizes of one run's inputs.
private struct InputSizes: Sendable {
  /// In the order of the graph's inputs.
  let shapes: [[Int]]
  let symbols: [String: Int]

  /// Whether a run's inputs are all there, none besides, and as large.
  func fits(_ inputs: [String: HostTensor], of graph: Graph) -> Bool {
    guard inputs.count == shapes.count else { return false }
    for (input, shape) in zip(graph.inputs, shapes) where inputs[input.label]?.shape != shape {
      return false
    }
    return true
  }
}
