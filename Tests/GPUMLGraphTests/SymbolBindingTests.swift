import GPUMLGraph
import Testing

@Suite("Symbol binding")
struct SymbolBindingTests {
  private static func graph() throws -> Graph {
    let (n, m) = (Dim.symbol("n"), Dim.symbol("m"))
    let x = try Tensor.input("x", shape: [n, 3])
    let y = try Tensor.input("y", shape: [n * 2 + 1, m])
    return try Graph(outputs: [Graph.Output("x", x), Graph.Output("y", y)])
  }

  @Test("symbols take the sizes of the inputs; expressions are checked")
  func binds() throws {
    let graph = try Self.graph()
    #expect(try graph.bindSymbols(inputs: ["x": [4, 3], "y": [9, 0]]) == ["n": 4, "m": 0])
    #expect(graph.symbols == ["n", "m"])
  }

  @Test(
    "what does not fit is an error that names the input",
    arguments: [
      (["x": [4, 3]], "input 'y': is not given"),
      (["x": [4], "y": [9, 1]], "input 'x': it has 1 axes, not 2 (shapes [n, 3], [4])"),
      (["x": [4, 2], "y": [9, 1]], "input 'x': axis 1 must be 3, not 2 (shapes [n, 3], [4, 2])"),
      (
        ["x": [4, 3], "y": [8, 1]],
        "input 'y': axis 0 must be 9, not 8 (shapes [2*n+1, m], [8, 1])"
      ),
      (
        ["x": [-4, 3], "y": [8, 1]],
        "input 'x': a size is negative or their product is too large (shapes [n, 3], [-4, 3])"
      ),
      (
        ["x": [1 << 62, 3], "y": [8, 1]],
        "input 'x': a size is negative or their product is too large "
          + "(shapes [n, 3], [4611686018427387904, 3])"
      ),
      (
        ["x": [4, 3], "y": [9, 1], "z": []],
        "input 'z': there is no such input; the graph takes 'x', 'y'"
      ),
    ] as [([String: [Int]], String)])
  func contradicts(shapes: [String: [Int]], message: String) throws {
    let graph = try Self.graph()
    #expect { try graph.bindSymbols(inputs: shapes) } throws: { "\($0)" == message }
  }

  @Test("one symbol of two sizes names both inputs")
  func twoSizes() throws {
    let n = Dim.symbol("n")
    let graph = try Graph(outputs: [
      Graph.Output("x", .input("x", shape: [n])), Graph.Output("y", .input("y", shape: [n])),
    ])
    #expect { try graph.bindSymbols(inputs: ["x": [2], "y": [3]]) } throws: {
      "\($0)" == "dimension 'n': is 2 in input 'x' but 3 in 'y'"
    }
  }

  @Test("an expression over a symbol that no input tells is an error")
  func undetermined() throws {
    let graph = try Graph(outputs: [
      Graph.Output("x", .input("x", shape: [.symbol("n") * 2]))
    ])
    #expect { try graph.bindSymbols(inputs: ["x": [4]]) } throws: {
      "\($0)" == "dimension 'n': axis 0 of input 'x' does not tell its size"
    }
  }
}
