import GPUMLGraph
import Testing

private let n = Dim.symbol("n")

@Suite("Shapes of products")
struct ProductShapeTests {
  private static func type(_ shape: [Dim], _ dtype: DType = .float32) -> TensorType {
    TensorType(shape, dtype)
  }

  @Test("batches broadcast, also where sizes are symbols")
  func batches() throws {
    let cases: [([Dim], [Dim], [Dim])] = [
      ([5, 2, 3], [3, 4], [5, 2, 4]), ([2, 3], [n, 3, 4], [n, 2, 4]),
      ([n, 1, 2, 3], [7, 3, 4], [n, 7, 2, 4]), ([n, 2, n * 2], [1, n * 2, 1], [n, 2, 1]),
      ([0, 2, 3], [1, 3, 4], [0, 2, 4]),
    ]
    for (left, right, result) in cases {
      #expect(
        try MatMul().outputTypes([Self.type(left), Self.type(right)]) == [Self.type(result)])
    }
  }

  @Test("whole numbers keep their type, but those of eight bits, mixed or not, give int32")
  func integers() throws {
    for (left, right, result) in [
      (DType.int8, DType.int8, DType.int32), (.uint8, .int8, .int32), (.uint8, .uint8, .int32),
      (.int32, .int32, .int32), (.int64, .int64, .int64),
    ] {
      let types = [Self.type([2, 3], left), Self.type([3, 2], right)]
      #expect(try MatMul().outputTypes(types) == [Self.type([2, 2], result)])
    }
  }

  @Test("products that do not fit are errors that name the shapes")
  func refused() throws {
    let cases: [([Dim], [Dim], String)] = [
      ([2, 3], [4, 5], "the inner sizes 3 and 4 differ"), ([3], [4], "the inner sizes"),
      ([3], [2, 4, 5], "the inner sizes 3 and 4 differ"), ([2, 3], [2], "the inner sizes 3 and 2"),
      ([2, 2, 3], [3, 3, 4], "the batches [2] and [3] do not broadcast"),
      ([n, 2, 3], [3, 3, 4], "do not broadcast"), ([], [3], "takes vectors and matrices"),
      ([3], [], "takes vectors and matrices"), ([], [2, 2], "takes two matrices"),
    ]
    for (left, right, reason) in cases {
      let a = try Tensor.input("a", shape: left), b = try Tensor.input("b", shape: right)
      #expect("\(left.text) \(right.text)") {
        try a.matmul(b)
      } throws: {
        guard case GraphError.shapeMismatch("matmul", let shapes, let text) = $0 else {
          return false
        }
        return shapes == [left.text, right.text] && text.contains(reason)
      }
    }
    let (half, int) = (DType.float16, DType.int32)
    for (left, right) in [(DType.float32, half), (int, DType.int8), (int, DType.float32)] {
      let a = try Tensor.input("a", shape: [2, 2], dtype: left)
      let b = try Tensor.input("b", shape: [2, 2], dtype: right)
      #expect(throws: GraphError.self) { try a.matmul(b) }
    }
  }

  @Test("a dot or outer product of what is no vector is an error")
  func vectors() throws {
    let x = try Tensor.input("x", shape: [3]), y = try Tensor.input("y", shape: [3, 1])
    #expect(throws: GraphError.self) { try x.dot(y) }
    #expect(throws: GraphError.self) { try y.outer(x) }
    #expect(throws: GraphError.self) { try x.dot(Tensor.input("z", shape: [4])) }
    #expect(try x.outer(Tensor.input("z", shape: [4], dtype: .int32)).dtype == .float32)
    #expect(try x.dot(x).shape == [])
    #expect(try x.outer(Tensor.input("z", shape: [n])).shape == [3, n])
  }

  @Test("a layer's weight gets its gradient from one product, without a batch to sum")
  func weightGradient() throws {
    let time = Dim.symbol("time")
    let x = try Tensor.input("x", shape: [n, time, 3])
    let w = try Tensor.input("w", shape: [4, 3])
    let y = try x.matmul(w, transposesRight: true)
    let gradient = try gradients(of: y.sum(), withRespectTo: [w])[0]
    #expect(gradient.shape == [4, 3])
    let graph = try Graph(outputs: [.init("g", gradient)])
    #expect(!graph.nodes.contains { $0.primitive is ReduceSum })
    #expect(graph.nodes.filter { $0.primitive is MatMul }.count == 1)
  }

  @Test("products take in transposes and repeated batches of their operands")
  func absorbs() throws {
    let x = try Tensor.input("x", shape: [n, 3, 2]), w = try Tensor.input("w", shape: [3, 4])
    let product = try x.transposed([0, 2, 1]).matmul(w.expanded(to: [n, 3, 4]))
    let graph = try Graph(outputs: [.init("y", product)]).simplified()
    #expect(graph.nodes.count == 3)
    #expect(graph.outputs[0].tensor.shape == [n, 2, 4])
    // The batch of the result comes from the repeated operand: it stays.
    let repeated = try w.expanded(to: [n, 3, 4]).matmul(Tensor.input("v", shape: [4, 2]))
    #expect(try Graph(outputs: [.init("y", repeated)]).simplified().nodes.count == 4)
    // Other axes change places as well: it stays.
    let moved = try Tensor.input("z", shape: [2, 3, 4]).transposed([2, 1, 0])
      .matmul(Tensor.input("v", shape: [2, 5]))
    #expect(try Graph(outputs: [.init("y", moved)]).simplified().nodes.count == 4)
  }
}
