import GPUMLDevice
import GPUMLGraph
import GPUMLReference

extension Conformance {
  /// Large, so that a step changes parameters by much more than they are compared to.
  static let learningRate: Float = 0.25

  /// Runs trials that change variables, a few steps of all of them in one graph, so that parameters
  /// and slots of several updates lie in the same slabs.
  ///
  /// Each step begins with what the device has left, so that each is held against the reference by
  /// itself. The last is given a NaN and must change nothing.
  func compare(changing cases: [TrialCase], like model: VariableStore) async throws -> [Failure] {
    if cases.isEmpty { return [] }
    var cases = cases
    let run = try ChangingRun(cases, context: model.context, options: model.options, seed: seed)
    try await run.setFirstValues(cases)
    var failures: [Failure] = []
    // The corrections of moving averages weigh most at first, and nothing in the long run.
    for (place, step) in [0, 1, 1000].enumerated() {
      let inputs = cases.indices.reduce(into: [String: HostTensor]()) { all, index in
        let own = place == 0 ? cases[index].inputs : cases[index].redrawn()
        all.merge(own) { first, _ in first }
      }
      failures += try await run.step(inputs, cases, number: UInt32(step), isFinite: true)
    }
    if var inputs = run.inputsWithNaN(cases) {
      failures += try await run.step(inputs, cases, number: 5, isFinite: false)
      inputs = cases.reduce(into: [:]) { all, item in all.merge(item.inputs) { first, _ in first } }
      failures += try await run.step(inputs, cases, number: 5, isFinite: false, isDown: true)
    }
    return failures
  }
}

/// A store and a session for trials that change variables.
private struct ChangingRun {
  let store: VariableStore
  let session: Session
  private let graph: Graph
  /// Variables that nothing updates, between those that are: they must keep this value.
  private let bystanders: [Variable]
  private let kept = HostTensor([7, -7, 0.5] as [Float])
  private let seed: UInt64

  init(
    _ cases: [TrialCase], context: DeviceContext, options: PlanOptions, seed: UInt64
  ) throws {
    self.seed = seed
    var named: [NamedVariable] = []
    var bystanders: [Variable] = []
    for item in cases {
      for (place, known) in item.variables.enumerated() {
        named.append(NamedVariable(name: "\(item.label).v\(place)", variable: known.variable))
        // Not always: parameters that lie side by side are updated by one launch.
        guard place == 0, item.place % 2 == 1 else { continue }
        let bystander = try Variable(shape: [3], role: known.variable.role)
        bystanders.append(bystander)
        named.append(NamedVariable(name: "\(item.label).bystander", variable: bystander))
      }
    }
    self.bystanders = bystanders
    graph = try Graph(outputs: cases.flatMap(\.outputs), updates: cases.flatMap(\.updates))
    store = try VariableStore(context, variables: named, seed: seed, options: options)
    session = try Session(graph, store: store)
  }

  func setFirstValues(_ cases: [TrialCase]) async throws {
    for item in cases {
      for (variable, value) in item.variables { try await store.setValue(value, of: variable) }
    }
    for bystander in bystanders { try await store.setValue(kept, of: bystander) }
  }

  /// The first inputs, one of them NaN; nil where no update would notice.
  func inputsWithNaN(_ cases: [TrialCase]) -> [String: HostTensor]? {
    guard graph.nodes.contains(where: { $0.primitive is any UpdatePrimitive }) else { return nil }
    var inputs = cases.reduce(into: [String: HostTensor]()) { all, item in
      all.merge(item.inputs) { first, _ in first }
    }
    // An input that is stretched to an operand of no elements is never seen.
    let names = cases.flatMap { item in
      item.trial.operands.indices.filter { !item.trial.operands[$0].shape.contains(0) }
        .map { "\(item.label).x\($0)" }
    }
    guard let name = names.last(where: { inputs[$0]?.dtype == .float32 }), let value = inputs[name]
    else { return nil }
    // Everywhere, because an operand may be a slice of it.
    let elements = [Double](repeating: .nan, count: value.count)
    inputs[name] = HostTensor(doubles: elements, shape: value.shape, dtype: .float32)
    return inputs
  }

  /// Runs a step, and compares results and variables.
  ///
  /// - Parameters:
  ///   - isFinite: Whether the variables change.
  ///   - isDown: Whether the flag is down already.
  func step(
    _ inputs: [String: HostTensor], _ cases: [TrialCase], number: UInt32, isFinite: Bool,
    isDown: Bool = false
  ) async throws -> [Conformance.Failure] {
    var state = StepState()
    (state.step, state.isFinite, state.seed) = (number, !isDown, seed)
    (state.learningRate, state.lossScale) = (Conformance.learningRate, 4)
    try await store.setStepState(state)
    var before: [Variable: HostTensor] = [:]
    for variable in graph.variables { before[variable] = try await store.value(of: variable) }
    let values = try await session.run(inputs)
    let after = try await store.stepState()
    let expected = try ReferenceEvaluator.run(
      graph, inputs: inputs, variables: before,
      state: ReferenceState(
        step: number, finite: isFinite, seed: seed, learningRate: Conformance.learningRate,
        lossScale: 4))
    var failures: [Conformance.Failure] = []
    func report(_ subject: String, _ text: String) {
      failures.append(Conformance.Failure(subject: subject, description: "step \(number), \(text)"))
    }
    let counts = graph.nodes.contains { $0.primitive is any UpdatePrimitive }
    if after.isFinite != isFinite || after.step != number + (isFinite && counts ? 1 : 0) {
      report(cases[0].subject.name, "the state is \(after)")
    }
    for item in cases {
      let comparison = Comparison(
        tolerance: item.trial.tolerance, keepsDenormals: store.context.device.keepsDenormals)
      for output in item.outputs {
        guard let value = values[output.name], let reference = expected.outputs[output.name] else {
          report(item.subject.name, "\(output.name) has no value")
          continue
        }
        if let text = comparison.mismatch(value, reference) {
          report(item.subject.name, "\(item.description), \(output.name): \(text)")
        }
      }
      for (place, known) in item.variables.enumerated() {
        let value = try await store.value(of: known.variable)
        guard let previous = before[known.variable] else { continue }
        let reference = expected.updates[known.variable] ?? ReferenceTensor(previous)
        let kept =
          isFinite
          ? comparison
          : Comparison(
            tolerance: .exact, keepsDenormals: store.context.device.keepsDenormals)
        if let text = kept.mismatch(value, reference) {
          report(
            item.subject.name,
            "\(item.description), variable \(place) (\(known.variable.role)): \(text)")
        }
      }
    }
    for bystander in bystanders where try await store.value(of: bystander) != kept {
      report(cases[0].subject.name, "a variable that nothing updates has changed")
    }
    return failures
  }
}
