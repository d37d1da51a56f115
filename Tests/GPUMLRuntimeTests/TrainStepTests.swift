import GPUMLDevice
import GPUMLGraph
import GPUMLReference
import Testing

@testable import GPUMLRuntime

@Suite("Training step")
struct TrainStepTests {
  /// Two layers with ReLU, cross-entropy, and an update of all four parameters.
  static func step(
    _ update: some UpdatePrimitive
  ) throws -> (graph: Graph, variables: [NamedVariable]) {
    let w1 = try Variable(shape: [17, 12], initializer: .kaimingUniform(fanIn: 12))
    let b1 = try Variable(shape: [17], initializer: .constant(0.1))
    let w2 = try Variable(shape: [5, 17], initializer: .kaimingUniform(fanIn: 17))
    let b2 = try Variable(shape: [5])
    let parameters = [w1, b1, w2, b2]
    let x = try Tensor.input("x", shape: [.symbol("batch"), 12])
    let y = try Tensor.input("y", shape: [.symbol("batch")], dtype: .int32)
    let hidden = try (x.matmul(w1.tensor, transposesRight: true) + b1.tensor).relu()
    let logits = try hidden.matmul(w2.tensor, transposesRight: true) + b2.tensor
    let loss = try logits.softmaxCrossEntropy(labels: y).mean()
    let updates = try update.updates(
      parameters, gradients: gradients(of: loss, withRespectTo: parameters.map(\.tensor)))
    let slots = updates.map(\.variable).filter { !parameters.contains($0) }
    return (
      try Graph(outputs: [Graph.Output("loss", loss)], updates: updates),
      Harness.named(parameters + slots)
    )
  }

  /// Runs steps and expects the losses, and in the end the variables, that the reference gives.
  ///
  /// The last step has a batch of its own, of 3.
  static func follow(
    _ optimizer: any UpdatePrimitive, steps: Int, family: KernelFamily
  ) async throws {
    let (graph, variables) = try TrainStepTests.step(optimizer)
    let store = try VariableStore(Harness.sharedContext(family), variables: variables, seed: 3)
    // All of it: Oclgrind takes what a fill has set for uninitialised.
    var state = StepState()
    state.learningRate = 0.01
    try await store.setStepState(state)
    let session = try Session(graph, store: store)
    var values: [Variable: HostTensor] = [:]
    for named in variables { values[named.variable] = try await store.value(of: named.variable) }
    for step in 0..<steps {
      let batch = step == steps - 1 ? 3 : 8
      let inputs = [
        "x": try Harness.random([batch, 12], seed: UInt64(step)),
        "y": try Harness.integers([batch], below: 5, seed: UInt64(step)),
      ]
      let loss = try #require(try await session.run(inputs)["loss"]).doubles[0]
      let expected = try ReferenceEvaluator.run(
        graph, inputs: inputs, variables: values,
        state: ReferenceState(step: UInt32(step), learningRate: 0.01))
      let reference = try #require(expected.outputs["loss"]).values[0]
      #expect(abs(loss - reference) < 1e-4 * abs(reference), "\(optimizer) step \(step)")
      for (variable, value) in expected.updates { values[variable] = value.hostTensor }
    }
    for named in variables {
      let value = try await store.value(of: named.variable)
      let worst = Harness.worstMismatch(
        value.doubles, values[named.variable]?.doubles ?? [], relative: 1e-3, absolute: 1e-4)
      #expect(worst == nil, "\(optimizer) \(named.name) \(worst ?? "")")
    }
    #expect(try await store.stepState().step == UInt32(steps))
  }

  @Test("follows the reference for ten steps", arguments: Harness.families)
  func follows(family: KernelFamily) async throws {
    let optimizers: [any UpdatePrimitive] = [
      try SGDUpdate(), try SGDUpdate(momentum: 0.9, nesterov: true, weightDecay: 0.01),
      try SGDUpdate(momentum: 0.9), try AdamUpdate(weightDecay: 0.01),
      try AdamUpdate(weightDecay: 0.1, decoupled: true),
    ]
    for optimizer in optimizers {
      try await TrainStepTests.follow(optimizer, steps: 10, family: family)
    }
  }

  @Test("writes nothing once a gradient is not finite", arguments: Harness.families)
  func containsNaN(family: KernelFamily) async throws {
    let (graph, variables) = try TrainStepTests.step(try AdamUpdate())
    let store = try VariableStore(Harness.sharedContext(family), variables: variables, seed: 3)
    let session = try Session(graph, store: store)
    var inputs = [
      "x": try Harness.random([8, 12], seed: 1), "y": try Harness.integers([8], below: 5, seed: 1),
    ]
    _ = try await session.run(inputs)
    let before = try await store.value(of: variables[0].variable)
    inputs["x"] = try HostTensor([Float](repeating: .nan, count: 96), shape: [8, 12])
    let pending = try await session.submit(inputs)
    #expect(try await !pending.state().isFinite)
    #expect(try await store.value(of: variables[0].variable) == before)
    #expect(try await store.stepState().step == 1)
  }
}
