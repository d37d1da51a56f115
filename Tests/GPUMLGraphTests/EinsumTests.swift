import GPUMLGraph
import Testing

@Suite("Einstein summation")
struct EinsumTests {
  private static func operands(_ shapes: [[Dim]]) throws -> [Tensor] {
    try shapes.enumerated().map { try Tensor.input("x\($0.offset)", shape: $0.element) }
  }

  @Test("shapes, named and implied, also where sizes are symbols")
  func shapes() throws {
    let n = Dim.symbol("n")
    let cases: [(String, [[Dim]], [Dim])] = [
      ("bij,bjk->bik", [[n, 2, 3], [n, 3, 4]], [n, 2, 4]), ("ba", [[2, 3]], [3, 2]),
      ("aB,bB", [[2, 3], [4, 3]], [2, 4]),
      ("b...a,...c", [[2, 5, 3], [7, 5, 4]], [7, 5, 3, 2, 4]),
      ("ij,jk", [[n, 1], [3, n * 2]], [n, n * 2]), ("ii", [[3, 3]], []),
      ("...ii->...i", [[n, 3, 3]], [n, 3]), ("->", [[]], []),
      ("ii->i", [[5000, 5000]], [5000]), ("ii->i", [[n, n]], [n]),
      ("iji->ji", [[n, 2, n]], [2, n]),
      ("iijij->", [[n, n, 2, n, 2]], []),
      ("i j , j k -> k i", [[2, 3], [3, 4]], [4, 2]),
      ("ij->...ij", [[2, 3]], [2, 3]), ("...,...", [[3, 1], [4]], [3, 4]),
      ("ij,jk,kl,lm->im", [[2, n], [n, 3], [3, n], [n, 4]], [2, 4]),
    ]
    for (text, shapes, result) in cases {
      #expect(try Tensor.einsum(text, Self.operands(shapes)).shape == result, "\(text)")
    }
  }

  @Test("products of matrices move no operand where a transposed product will do")
  func movesNothing() throws {
    for text in ["ij,jk->ik", "ij,kj->ik", "ji,jk->ik", "ji,kj->ik", "ij,jk->ki", "bij,bkj->bik"] {
      let shapes = text.split(separator: "-")[0].split(separator: ",").map {
        $0.map { Dim.symbol(String($0)) }
      }
      let graph = try Graph(outputs: [.init("y", .einsum(text, Self.operands(shapes)))])
      #expect(!graph.nodes.contains { $0.primitive is Transpose }, "\(text)")
      #expect(graph.nodes.filter { $0.primitive is MatMul }.count == 1, "\(text)")
    }
  }

  @Test("a repeated index takes the diagonal, and makes nothing of the operand's size")
  func diagonal() throws {
    let x = try Tensor.input("x", shape: [5000, 3, 5000])
    let graph = try Graph(outputs: [.init("y", .einsum("iji->ij", x))])
    #expect(!graph.nodes.contains { $0.primitive is Select || $0.primitive is Constant })
    #expect(graph.nodes.contains { $0.primitive is StridedSlice })
  }

  @Test("of three operands the cheaper product comes first")
  func order() throws {
    let result = try Tensor.einsum("ab,bc,c->a", Self.operands([[100, 200], [200, 300], [300]]))
    let graph = try Graph(outputs: [.init("y", result)])
    let products = graph.nodes.filter { $0.primitive is MatMul }
    #expect(products.count == 2)
    #expect(!graph.nodes.contains { $0.outputs[0].shape == [100, 300] })
  }

  private static let malformed: [(String, [[Dim]], String)] = [
    ("i%", [[2]], "'%' is no index (character 2)"), ("i\n", [[2]], "(character 2)"),
    ("é", [[2]], "(character 1)"), ("i.", [[2]], "'.' is not part of '...' (character 2)"),
    ("..", [[2]], "(character 1)"), ("i. ..", [[2]], "(character 2)"),
    ("......", [[2]], "a second '...' in a term (character 4)"),
    ("i-", [[2]], "'-' is not part of '->' (character 2)"), ("i>j", [[2]], "(character 2)"),
    ("i->i->i", [[2]], "a second '->' (character 5)"), ("i->i,i", [[2]], "a second result"),
    ("ij->ii", [[2, 2]], "the result names 'i' twice (character 6)"),
    ("i->j", [[2]], "the result's 'j' is in no operand (character 4)"),
    ("i,i", [[2]], "the text names 2 operands, not 1"), ("i", [], "names 1 operands, not 0"),
    ("i,ij", [[2], [2]], "the term at character 3 has 2 indices for 1 axes"),
    ("i", [[2, 2]], "the term at character 1 has 1 indices for 2 axes"),
    ("i...j", [[2]], "has 2 indices for 1 axes"),
    ("ij,jk", [[2, 3], [4, 5]], "index 'j' has the size 4, but 3 before (character 4)"),
    ("...,...", [[2], [3]], "an axis of '...' has the size 3, but 2 before (character 5)"),
    ("...i->i", [[2, 3]], "the result lacks the axes of '...' (character 7)"),
    ("ii", [[1, 3]], "share an index but not their size"),
    ("ii", [[.symbol("n"), 3]], "index 'i' has the size 3, but n before (character 2)"),
  ]

  @Test("malformed texts are errors that name the position", arguments: malformed.indices)
  func refused(index: Int) throws {
    let (text, shapes, reason) = EinsumTests.malformed[index]
    let operands = try Self.operands(shapes)
    #expect("\(text)") {
      try Tensor.einsum(text, operands)
    } throws: {
      $0 is GraphError && "\($0)".contains("einsum") && "\($0)".contains(reason)
        && !"\($0)".unicodeScalars.contains { $0.value < 32 }
    }
  }

  @Test("whole numbers give int64; operands of several types or of truth values are errors")
  func types() throws {
    let x = try Tensor.input("x", shape: [2]), half = try x.cast(to: .float16)
    let int = try x.cast(to: .int32)
    #expect(throws: GraphError.self) { try Tensor.einsum("i,i", x, half) }
    for text in ["i->", "i->i", "i,i", "i,j->ij"] {
      let operands = [Tensor](repeating: int, count: text.contains(",") ? 2 : 1)
      #expect(try Tensor.einsum(text, operands).dtype == .int64, "\(text)")
    }
    #expect(throws: GraphError.self) { try Tensor.einsum("i,i", int, int.cast(to: .int8)) }
    #expect(throws: GraphError.unsupportedDType(operation: "einsum", dtype: .bool)) {
      try Tensor.einsum("i->", int.cast(to: .bool))
    }
  }

  @Test("hostile texts are refused, and do not hang", .timeLimit(.minutes(10)))
  func hostile() throws {
    let x = try Tensor.input("x", shape: [2, 2])
    let long = 200_000
    let texts = [
      String(repeating: "a", count: long), String(repeating: ",", count: long),
      String(repeating: ".", count: long), String(repeating: "->", count: long),
      String(repeating: "a\u{301}", count: long), "ab->" + String(repeating: "ab", count: long),
      "\u{0}", "\u{10FFFF}", "a\u{2026}b", "a,b->\u{7F}",
    ]
    for text in texts {
      #expect {
        try Tensor.einsum(text, x)
      } throws: {
        $0 is GraphError && "\($0)".count < 300
      }
    }
    var random = Philox(seed: 11)
    let alphabet = Array("abA.,-> %")
    for _ in 0..<3000 {
      let count = Int.random(in: 0..<9, using: &random)
      let text = String((0..<count).map { _ in alphabet.randomElement(using: &random) ?? "a" })
      // Either a shape or an error, never a trap.
      _ = try? Tensor.einsum(text, x).shape
      _ = try? Tensor.einsum(text, x, x).shape
    }
  }
}
