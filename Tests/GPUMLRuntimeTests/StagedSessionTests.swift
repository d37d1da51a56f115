import GPUMLDevice
import GPUMLGraph
import GPUMLReference
import Testing

@testable import GPUMLRuntime

/// Graphs whose sizes data decide, which run in stages.
@Suite("Stages", .serialized)
struct StagedSessionTests {
  static let family = Harness.families[0]

  private static func row(_ values: [Float]) -> [String: HostTensor] { ["x": HostTensor(values)] }

  private static func session(
    _ outputs: [Tensor], updates: [Update] = [], seed: UInt64 = 0
  ) throws -> (session: Session, store: VariableStore, graph: Graph) {
    let graph = try Graph(
      outputs: outputs.enumerated().map { Graph.Output("\($0.offset)", $0.element) },
      updates: updates)
    let store = try VariableStore(
      Harness.sharedContext(family), variables: Harness.named(graph.variables), seed: seed)
    return (try Session(graph, store: store), store, graph)
  }

  @Test("what is chosen may be nothing, some or all of many sizes, in one session")
  func counts() async throws {
    let x = try Tensor.input("x", shape: [.symbol("n")])
    let chosen = try x.elements(where: x.isLess(0))
    let (session, _, _) = try Self.session([chosen * 2, chosen.sum(), x + 1])
    let rows: [[Float]] = [[], [1, 2], [-1], [-1, 5, -3], [-4, -3, -2, -1]]
    // Twice, so that plans are met again; more sizes than plans are kept.
    for values in rows + rows + (0..<12).map({ [Float](repeating: -1, count: $0) }) {
      let outputs = try await session.run(Self.row(values))
      let expected = values.filter { $0 < 0 }.map(Double.init)
      #expect(outputs["0"]?.doubles == expected.map { $0 * 2 })
      #expect(outputs["1"]?.doubles == [expected.reduce(0, +)])
      #expect(outputs["2"]?.doubles == values.map { Double($0) + 1 })
    }
  }

  @Test("one choice depends on another, a third stands beside, and results come from all stages")
  func chain() async throws {
    let x = try Tensor.input("x", shape: [.symbol("n")])
    let y = try x * 3
    let first = try y.elements(where: y.isLess(10))
    let scaled = try first * first.mean()
    let second = try scaled.elements(where: scaled.isLess(30))
    let beside = try x.nonZero(dtype: .int32)
    let joined = try second.gathered(at: .constant(0, dtype: .int32)) + first.sum() + y.sum()
    let (session, _, graph) = try Self.session([
      y, first, second, beside, joined, y.gathered(at: beside),
    ])
    #expect(try Planner.rewritten(graph).stages().count == 3)
    let inputs = Self.row([1, 0, 3, 2, 7, 0.5])
    let outputs = try await session.run(inputs)
    let expected = try ReferenceEvaluator.run(graph, inputs: inputs).outputs
    for (name, reference) in expected {
      let value = try #require(outputs[name])
      #expect(value.shape == reference.shape, "\(name)")
      #expect(
        Harness.worstMismatch(
          value.doubles, reference.values, relative: 1e-5, absolute: 1e-6) == nil, "\(name)")
    }
    #expect(outputs.count == 6)
  }

  @Test("updates happen once, at the end, whether they are assignments or an optimizer's")
  func updates() async throws {
    let weight = try Variable(shape: [3], initializer: .constant(2))
    let count = try Variable(shape: [], role: .statistic)
    let x = try Tensor.input("x", shape: [.symbol("n"), 3])
    let score = try (x * weight.tensor).sum(axes: [1])
    let chosen = try score.elements(where: score.isLess(7))
    let loss = try (chosen * chosen).sum()
    let slope = try gradients(of: loss, withRespectTo: [weight.tensor])
    let updates =
      try SGDUpdate().updates([weight], gradients: slope)
      + [Update(variable: count, value: count.tensor + chosen.cast(to: .float32).sum())]
    let (session, store, _) = try Self.session([loss, weight.tensor, chosen], updates: updates)
    try store.setLearningRate(0.125)
    let inputs = ["x": try HostTensor([1, 2, 0, 1, 1, 1, 3, 3, 3] as [Float], shape: [3, 3])]
    let outputs = try await session.run(inputs)
    #expect(outputs["2"]?.doubles == [6, 6])
    #expect(outputs["0"]?.doubles == [72])
    // As it was at the beginning, although a stage before the last has read it.
    #expect(outputs["1"]?.doubles == [2, 2, 2])
    #expect(try await store.value(of: weight).doubles == [2 - 3, 2 - 4.5, 2 - 1.5])
    #expect(try await store.value(of: count).doubles == [12])
    #expect(try await store.stepState().step == 1)
  }

  @Test("all stages of a step draw with the same counter, the next step with the next")
  func draws() async throws {
    let noise = try Tensor.uniform(shape: [40], stream: 1)
    let chosen = try noise.elements(where: noise.isLess(0.5))
    let again = try noise.elements(where: Tensor.uniform(shape: [40], stream: 2).isLess(noise))
    let (session, store, graph) = try Self.session([noise, chosen, again], seed: 3)
    for step in 0..<3 {
      let outputs = try await session.run()
      let state = ReferenceState(seed: 3, randomCounter: UInt64(step))
      let expected = try ReferenceEvaluator.run(graph, state: state).outputs
      for (name, reference) in expected {
        #expect(outputs[name]?.doubles == reference.values, "step \(step), \(name)")
      }
    }
    #expect(try await store.stepState().randomCounter == 3)
  }

  @Test("steps of other sessions never come between the stages")
  func atomicity() async throws {
    let level = try Variable(shape: [64], initializer: .constant(1))
    let x = try Tensor.input("x", shape: [64])
    let store = try VariableStore(
      Harness.sharedContext(Self.family), variables: Harness.named([level]))
    // If the values changed after they were counted, sum and count would not fit together.
    let chosen = try level.tensor.elements(where: level.tensor)
    let reader = try Session(
      Graph(outputs: [.init("sum", chosen.sum()), .init("all", level.tensor.sum())]), store: store)
    let writer = try Session(
      Graph(outputs: [], updates: [Update(variable: level, value: x)]), store: store)
    try await withThrowingTaskGroup { group in
      for task in 0..<20 {
        group.addTask {
          let values = (0..<64).map { Float($0 < task * 3 ? 1 : 0) }
          _ = try await writer.run(Self.row(values))
        }
        group.addTask {
          let outputs = try await reader.run()
          #expect(outputs["sum"] == outputs["all"])
        }
      }
      try await group.waitForAll()
    }
  }

  @Test("a saved graph runs in stages as before")
  func saved() async throws {
    let x = try Tensor.input("x", shape: [.symbol("n")])
    let first = try x.elements(where: x)
    let second = try first.elements(where: first.isLess(3))
    let graph = try Graph(outputs: [.init("first", first), .init("second", second * first.sum())])
    let (restored, _) = try Graph.decodeJSON(graph.encodedJSON(names: [:]))
    let store = try VariableStore(Harness.sharedContext(Self.family), variables: [])
    let session = try Session(restored, store: store)
    let outputs = try await session.run(Self.row([0, 4, 2, 0, 1]))
    #expect(outputs["first"]?.doubles == [4, 2, 1])
    #expect(outputs["second"]?.doubles == [14, 7])
  }

  @Test("too many stages, an update that decides a size and a plan for all runs are refused")
  func refusals() async throws {
    var x = try Tensor.input("x", shape: [.symbol("n")])
    for _ in 0..<70 { x = try x.elements(where: x) }
    let deep = x
    #expect(throws: RuntimeError.self) { _ = try Self.session([deep]) }
    let weight = try Variable(shape: [3])
    let update = try SGDUpdate().updates([weight], gradients: [weight.tensor])
    let size = try update[0].value.nonZero()
    #expect(throws: RuntimeError.self) { _ = try Self.session([size], updates: update) }
    let y = try Tensor.input("y", shape: [3])
    let (session, _, _) = try Self.session([y.nonZero()])
    #expect(throws: RuntimeError.self) { _ = try session.plan([:]) }
    await #expect(throws: (any Error).self) { _ = try await session.run([:]) }
  }
}
