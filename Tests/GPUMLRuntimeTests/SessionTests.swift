import GPUMLDevice
import GPUMLGraph
import Testing

@testable import GPUMLRuntime

@Suite("Session")
struct SessionTests {
  static let family = Harness.families[0]

  @Test("two optimizers change all parameters or none")
  func twoOptimizers() async throws {
    let (a, b) = (try Variable(shape: [3]), try Variable(shape: [5]))
    let x = try Tensor.input("x", shape: [5])
    let loss = try (a.tensor + 1).sum() + (b.tensor * x).sum()
    let slopes = try gradients(of: loss, withRespectTo: [a.tensor, b.tensor])
    let updates =
      try SGDUpdate().updates([a], gradients: [slopes[0]])
      + SGDUpdate(momentum: 0.5).updates([b], gradients: [slopes[1]])
    let graph = try Graph(outputs: [.init("loss", loss)], updates: updates)
    let store = try VariableStore(
      Harness.sharedContext(SessionTests.family), variables: Harness.named(graph.variables))
    let session = try Session(graph, store: store)
    _ = try await session.run(["x": HostTensor([Float](repeating: .infinity, count: 5))])
    #expect(try await store.value(of: a) == HostTensor([Float](repeating: 0, count: 3)))
    #expect(try await store.value(of: b) == HostTensor([Float](repeating: 0, count: 5)))
  }

  @Test("a parameter that is not trained keeps its value between two that are")
  func frozen() async throws {
    let all = try (0..<3).map { _ in try Variable(shape: [3], initializer: .constant(2)) }
    let trained = [all[0], all[2]]
    let loss = try (all[0].tensor * all[1].tensor * all[2].tensor).sum()
    let updates = try SGDUpdate(weightDecay: 0.5).updates(
      trained, gradients: gradients(of: loss, withRespectTo: trained.map(\.tensor)))
    let graph = try Graph(outputs: [.init("loss", loss)], updates: updates)
    let store = try VariableStore(
      Harness.sharedContext(SessionTests.family), variables: Harness.named(all))
    try store.setLearningRate(0.1)
    _ = try await Session(graph, store: store).run()
    #expect(try await store.value(of: all[1]) == HostTensor([Float](repeating: 2, count: 3)))
    #expect(try await store.value(of: all[0]) != HostTensor([Float](repeating: 2, count: 3)))
  }

  @Test("an output shows a variable as it was at the beginning of the step")
  func variableAsOutput() async throws {
    let a = try Variable(shape: [4], initializer: .constant(1))
    let b = try Variable(shape: [4], initializer: .constant(5))
    // Each becomes what the other was.
    let graph = try Graph(
      outputs: [.init("a", a.tensor), .init("b", b.tensor.reshaped(to: [2, 2]))],
      updates: [Update(variable: a, value: b.tensor), Update(variable: b, value: a.tensor)])
    let store = try VariableStore(
      Harness.sharedContext(SessionTests.family), variables: Harness.named([a, b]))
    let outputs = try await Session(graph, store: store).run()
    #expect(outputs["a"]?.doubles == [1, 1, 1, 1])
    #expect(outputs["b"]?.doubles == [5, 5, 5, 5])
    #expect(try await store.value(of: a).doubles == [5, 5, 5, 5])
    #expect(try await store.value(of: b).doubles == [1, 1, 1, 1])
  }

  @Test("a constant can be assigned, also one that nothing else reads")
  func assignedConstant() async throws {
    let a = try Variable(shape: [3], initializer: .constant(1))
    let b = try Variable(shape: [], initializer: .constant(5))
    let graph = try Graph(
      outputs: [.init("a", a.tensor)],
      updates: [
        Update(variable: a, value: try Tensor.constant(7).expanded(to: [3])),
        Update(variable: b, value: try .constant(0)),
      ])
    let store = try VariableStore(
      Harness.sharedContext(SessionTests.family), variables: Harness.named([a, b]))
    #expect(try await Session(graph, store: store).run()["a"]?.doubles == [1, 1, 1])
    #expect(try await store.value(of: a).doubles == [7, 7, 7])
    #expect(try await store.value(of: b).doubles == [0])
  }

  @Test("random draws without an update move on, and the step does not")
  func drawsAlone() async throws {
    let graph = try Graph(outputs: [.init("u", Tensor.uniform(shape: [2], stream: 0))])
    let store = try VariableStore(Harness.sharedContext(SessionTests.family), variables: [])
    let session = try Session(graph, store: store)
    let (first, second) = (try await session.run(), try await session.run())
    #expect(first != second)
    let state = try await store.stepState()
    #expect(state.step == 0 && state.randomCounter == 2)
  }

  @Test("many tasks share a session, also one that updates")
  func concurrency() async throws {
    let count = try Variable(shape: [1])
    let x = try Tensor.input("x", shape: [.symbol("n")])
    let graph = try Graph(
      outputs: [.init("double", x * 2)],
      updates: [Update(variable: count, value: count.tensor + 1)])
    let store = try VariableStore(
      Harness.sharedContext(SessionTests.family), variables: Harness.named([count]))
    let session = try Session(graph, store: store)
    try await withThrowingTaskGroup { group in
      for task in 0..<24 {
        group.addTask {
          let values = [Float](repeating: Float(task), count: 3 + task % 3)
          let outputs = try await session.run(["x": HostTensor(values)])
          #expect(outputs["double"]?.doubles == values.map { Double($0) * 2 })
        }
      }
      try await group.waitForAll()
    }
    #expect(try await store.value(of: count).doubles == [24])
  }

  @Test("more sizes than plans are kept still give the right results")
  func eviction() async throws {
    let x = try Tensor.input("x", shape: [.symbol("n")])
    let store = try VariableStore(Harness.sharedContext(SessionTests.family), variables: [])
    let session = try Session(Graph(outputs: [.init("y", x + 1)]), store: store)
    for size in Array(1...12) + [1, 12, 3] {
      let outputs = try await session.run(["x": HostTensor([Float](repeating: 1, count: size))])
      #expect(outputs["y"]?.doubles == [Double](repeating: 2, count: size))
    }
  }

  @Test("inputs that do not fit are refused")
  func wrongInputs() async throws {
    let x = try Tensor.input("x", shape: [.symbol("n"), 3])
    let store = try VariableStore(Harness.sharedContext(SessionTests.family), variables: [])
    let session = try Session(Graph(outputs: [.init("y", x + 1)]), store: store)
    let bad: [[String: HostTensor]] = [
      [:], ["x": HostTensor([Float(1)])], ["x": try HostTensor([Int32(1), 2, 3], shape: [1, 3])],
      ["x": try HostTensor([Float(1), 2], shape: [1, 2])],
      ["x": try HostTensor([Float(1), 2, 3], shape: [1, 3]), "z": HostTensor([Float(1)])],
    ]
    for inputs in bad {
      await #expect(throws: (any Error).self) { _ = try await session.run(inputs) }
    }
  }

  @Test("variables beyond all memory are errors, alone and together")
  func hugeVariables() throws {
    #expect(throws: GraphError.self) { try Variable(shape: [Int.max / 8], dtype: .int64) }
    let huge = try (0..<3).map { _ in
      try Variable(shape: [Variable.mostElements], dtype: .int64)
    }
    let small = try Variable(shape: [3], dtype: .int64)
    for variables in [[huge[0]], huge, [huge[0], small], [small, huge[0], huge[1]]] {
      let error = #expect(throws: DeviceError.self) {
        try VariableStore(
          Harness.sharedContext(SessionTests.family), variables: Harness.named(variables))
      }
      #expect(error?.isOutOfMemory == true)
    }
  }

  @Test("tensors of no elements may have axes of any size")
  func emptyAxes() async throws {
    let large = 1 << 62
    let store = try VariableStore(Harness.sharedContext(SessionTests.family), variables: [])
    let x = try Tensor.constant(HostTensor([Float](), shape: [large, 0]))
    let n = Dim.symbol("n")
    let y = try Tensor.input("y", shape: [n, 0])
    let results = try [
      x.cumulativeSum(axis: 1), x.sorted(axis: 0).values, .concatenated([x, x], axis: 1),
      x.matmul(.constant(3).expanded(to: [0, 0])), x.flipped(), x.transposed(), x.exp(),
      x.gathered(at: .range(count: 2, dtype: .int32)), y.rolled(by: 3, along: 0),
    ]
    let outputs = results.enumerated().map { Graph.Output("\($0.offset)", $0.element) }
    let session = try Session(Graph(outputs: outputs), store: store)
    let values = try await session.run(["y": HostTensor([Float](), shape: [large, 0])])
    for output in outputs {
      let sizes = try output.tensor.shape.map { try $0.value(["n": large]) }
      #expect(values[output.name]?.shape == sizes && values[output.name]?.count == 0)
    }
    // A size that no kernel's argument holds.
    let points = try Tensor.input("points", shape: [2, 1], dtype: .int64)
    let rows = try Session(
      Graph(outputs: [Graph.Output("rows", y.gathered(atPoints: points))]), store: store)
    for size in [large, .max - 1] {
      await #expect(throws: RuntimeError.self) {
        try await rows.run([
          "y": HostTensor([Float](), shape: [size, 0]),
          "points": HostTensor([Int64(0), 1], shape: [2, 1]),
        ])
      }
    }
  }

  @Test("a byte budget that does not suffice says which tensor, how much, and what the pool holds")
  func budget() async throws {
    let weight = try Variable(shape: [100, 100])
    let bias = try Variable(shape: [100])
    let x = try Tensor.input("x", shape: [3, 100])
    let y = try (x.matmul(weight.tensor) + bias.tensor).relu()
    let wide = try x.reshaped(to: [3, 100, 1]).expanded(to: [3, 100, 100]).exp()
    let slopes = try gradients(
      of: y.sum() + wide.sum(), withRespectTo: [weight.tensor, bias.tensor])
    let graph = try Graph(
      outputs: [.init("y", y), .init("wide", wide)],
      updates: SGDUpdate().updates([weight, bias], gradients: slopes))
    var found: Set<String> = []
    // From a budget for nothing to one for all, each step a little larger.
    for kibibytes in stride(from: 16, through: 512, by: 16) {
      let limit = kibibytes << 10
      let context = try Harness.context(SessionTests.family, memoryLimit: limit)
      do {
        let store = try VariableStore(
          context, variables: Harness.named([weight, bias]), seed: 0, options: PlanOptions())
        _ = try await Session(graph, store: store).run(["x": Harness.random([3, 100], seed: 1)])
        break
      } catch let error as DeviceError {
        let text = "\(error)"
        #expect(error.isOutOfMemory && text.contains("bytes in use"), "\(text)")
        #expect(text.contains("budget \(limit)"), "\(text)")
        found.insert(String(text.prefix { $0 != ":" }))
      }
    }
    let slab = "parameters float32 (2 tensors, the largest v0 of 40000 bytes) needs "
    #expect(found.contains { $0.hasPrefix(slab) }, "\(found)")
    #expect(found.contains { $0.hasPrefix("gradients of \(slab)") }, "\(found)")
    #expect(
      found.contains { $0.hasPrefix("arena (") && $0.contains("the largest exp of 120000 bytes") },
      "\(found)")
  }
}
