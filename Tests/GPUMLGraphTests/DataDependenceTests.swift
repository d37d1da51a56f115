import GPUMLGraph
import Testing

@Suite("Sizes that data decide")
struct DataDependenceTests {
  private static func graph(_ tensors: Tensor...) throws -> Graph {
    try Graph(outputs: tensors.enumerated().map { Graph.Output("\($0.offset)", $0.element) })
  }

  @Test("each use has a size of its own, which comes before what names it")
  func order() throws {
    let x = try Tensor.input("x", shape: [.symbol("n")])
    let (first, second) = (try x.nonZero(), try x.nonZero())
    #expect(first.shape != second.shape)
    // Nothing but the size connects the number with the tensor.
    let number = try SizeOf([first.shape[0]], dtype: .float32)()
    let graph = try Self.graph(number * 2, first, second)
    #expect(graph.dataDependentSymbols.count == 2)
    let names = graph.nodes.map(\.primitive.name)
    let decider = try #require(names.firstIndex(of: "non_zero"))
    #expect(try decider < #require(names.firstIndex(of: "size")))
  }

  @Test("a size that depends on itself, is decided twice or given by an input is an error")
  func contradictions() throws {
    let x = try Tensor.input("x", shape: [4])
    let ring = try x.expanded(to: [.symbol("k"), 4])
    let cases: [() throws -> Graph] = [
      { try Self.graph(NonZero(symbol: "k", dtype: .int64)(ring)) },
      {
        try Self.graph(
          NonZero(symbol: "k", dtype: .int64)(x), NonZero(symbol: "k", dtype: .int32)(x))
      },
      {
        let y = try Tensor.input("y", shape: [.symbol("k") * 2])
        return try Self.graph(NonZero(symbol: "k", dtype: .int64)(x), y)
      },
    ]
    for (place, build) in cases.enumerated() {
      #expect("case \(place)") {
        _ = try build()
      } throws: {
        $0 is GraphError && !"\($0)".contains("\n")
      }
    }
  }

  @Test("a saved graph keeps its sizes apart, and its text does not tell what was built before")
  func saving() throws {
    func sample() throws -> Graph {
      let x = try Tensor.input("x", shape: [.symbol("n"), 3])
      let first = try x.elements(where: x)
      let second = try first.elements(where: first.isLess(2))
      let size = try SizeOf([first.shape[0] * 2 + second.shape[0]], dtype: .int32)()
      return try Self.graph(second, first.expanded(to: [2, first.shape[0]]), size)
    }
    let text = try sample().encodedJSON(names: [:])
    #expect(try sample().encodedJSON(names: [:]) == text)
    let (one, _) = try Graph.decodeJSON(text)
    let (other, _) = try Graph.decodeJSON(text)
    #expect(one.dataDependentSymbols.count == 2)
    #expect(one.dataDependentSymbols.isDisjoint(with: other.dataDependentSymbols))
    #expect(try one.encodedJSON(names: [:]) == text)
    // Both in one graph: only the inputs' names are in the way.
    #expect(throws: GraphError.self) {
      try Self.graph(one.outputs[0].tensor, other.outputs[0].tensor)
    }
    #expect(one.symbols.subtracting(one.dataDependentSymbols) == ["n"])
  }

  @Test("a hostile file whose sizes contradict each other is refused")
  func hostile() throws {
    let node = """
      {"op":"non_zero","inputs":[[0,0]],\
      "attributes":{"symbol":{"string":"n"},"dtype":{"string":"int64"}}}
      """
    func text(_ nodes: String, _ last: Int) -> String {
      """
      {"version":1,"nodes":[{"op":"input","attributes":{"label":{"string":"x"},\
      "shape":{"dims":["n"]},"dtype":{"string":"float32"}}},\(nodes)],\
      "outputs":[{"name":"y","node":\(last),"output":0}]}
      """
    }
    #expect(throws: GraphError.self) { try Graph.decodeJSON(text(node, 1)) }
    #expect(throws: GraphError.self) { try Graph.decodeJSON(text(node + "," + node, 2)) }
    let nameless = node.replacing("\"symbol\":{\"string\":\"n\"},", with: "")
    #expect(throws: GraphError.self) { try Graph.decodeJSON(text(nameless, 1)) }
    let renamed = node.replacing("\"n\"", with: "\"k\"")
    #expect(try Graph.decodeJSON(text(renamed, 1)).0.outputs[0].tensor.rank == 2)
  }
}
