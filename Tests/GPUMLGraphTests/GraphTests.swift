import GPUMLGraph
import Testing

@Suite("Graph")
struct GraphTests {
  @Test("keeps what outputs and updates need, operands first, in the same order every time")
  func nodes() throws {
    let x = try Tensor.input("x", shape: [2])
    let used = try x.exp()
    _ = try x.tanh()
    let state = try Variable(shape: [2])
    let graph = try Graph(
      outputs: [Graph.Output("y", used * 2)],
      updates: [Update(variable: state, value: state.tensor + used)])
    let names = graph.nodes.map(\.primitive.name)
    #expect(names == ["input", "exp", "constant", "multiply", "variable", "add"])
    #expect(graph.inputs.map(\.label) == ["x"])
    #expect(graph.variables == [state])
  }

  @Test("names taken twice and updates that do not fit are errors")
  func errors() throws {
    let x = try Tensor.input("x", shape: [2])
    let state = try Variable(shape: [2])
    let update = Update(variable: state, value: x)
    let wrong = Update(variable: state, value: try x.sum())
    let twin = try Tensor.input("x", shape: [2])
    #expect(throws: GraphError.self) {
      try Graph(outputs: [Graph.Output("y", x), Graph.Output("y", x)])
    }
    #expect(throws: GraphError.self) { try Graph(outputs: [Graph.Output("y", x + twin)]) }
    #expect(throws: GraphError.self) { try Graph(outputs: [], updates: [update, update]) }
    #expect(throws: GraphError.self) { try Graph(outputs: [], updates: [wrong]) }
  }

  @Test("a chain of 200,000 nodes is built, sorted and released without overflowing the stack")
  func deep() async throws {
    let build = Task.detached {
      var x = try Tensor.input("x", shape: [1])
      for _ in 0..<200_000 { x = try x.relu() }
      return try Graph(outputs: [Graph.Output("y", x)]).nodes.count
    }
    #expect(try await build.value == 200_001)
  }

  @Test("gradients of what is no floating-point scalar are an error, and zero without a path")
  func gradientErrors() throws {
    let x = try Tensor.input("x", shape: [2])
    let y = try Tensor.input("y", shape: [3])
    #expect(throws: GraphError.self) { try gradients(of: x, withRespectTo: [x]) }
    #expect(throws: GraphError.self) {
      try gradients(of: Tensor.constant(1, dtype: .int32), withRespectTo: [x])
    }
    #expect(try gradients(of: x.sum(), withRespectTo: [y])[0].shape == [3])
  }

  @Test("messages are one line even if a name is not")
  func oneLine() {
    let error = GraphError.invalidValue(operation: "a\nb", reason: "c\u{1B}[0m")
    #expect(error.description == "a\\nb: c\\u{1B}[0m" || !error.description.contains("\n"))
    #expect(!error.description.unicodeScalars.contains { $0.value < 32 })
  }
}
