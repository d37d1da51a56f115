import GPUMLGraph
import GPUMLReference
import Testing

/// A random graph over two square matrices, full of what rewrites look for.
private func randomGraph(seed: UInt64) throws -> Graph {
  var random = Philox(seed: seed)
  let side = Int.random(in: 1...3, using: &random)
  let shape: [Dim] = [Dim(side), Dim(side)]
  var pool = [try Tensor.input("x", shape: shape), try Tensor.input("y", shape: shape)]
  for _ in 0..<20 {
    let first = pool.randomElement(using: &random) ?? pool[0]
    let second = pool.randomElement(using: &random) ?? pool[1]
    let next: Tensor
    switch Int.random(in: 0..<13, using: &random) {
    case 0: next = try first + second
    case 1: next = try first - second
    case 2: next = try first * second
    case 3: next = try first.matmul(second)
    case 4: next = try first.transposed().matmul(second.transposed())
    case 5: next = try first.transposed()
    case 6: next = try first.reshaped(to: [Dim(side * side)]).reshaped(to: shape)
    case 7: next = try first * 1
    case 8: next = try 0 - (first + 0)
    case 9: next = try (first / 1 - 0).tanh()
    case 10: next = try first.sum(axes: [0], keepingAxes: true).expanded(to: shape)
    case 11: next = try first.maximum(second) * 0.5
    default: next = try first.transposed([0, 1]).relu()
    }
    pool.append(next)
  }
  return try Graph(outputs: pool.suffix(3).enumerated().map { Graph.Output("\($0)", $1) })
}

private func evaluate(_ graph: Graph, seed: UInt64) throws -> [[Double]] {
  var random = Philox(seed: seed, stream: 1)
  var given: [String: ReferenceTensor] = [:]
  for label in ["x", "y"] {
    guard let input = graph.inputs.first(where: { $0.label == label }) else { continue }
    let sizes = try input.type.shape.map { try $0.value([:]) }
    let count = sizes.reduce(1, *)
    given[label] = ReferenceTensor(
      shape: sizes, dtype: .float32, values: (0..<count).map { _ in Double(random.uniform()) - 0.5 }
    )
  }
  let results = try ReferenceEvaluator.run(graph, inputs: given, variables: [:])
  return graph.outputs.compactMap { results.outputs[$0.name]?.values }
}

@Suite("Rewrites keep values")
struct RewriteTests {
  static let rewrites: [String: @Sendable (Graph) throws -> Graph] = [
    "simplified": { try $0.simplified() },
    "mergingCommonSubexpressions": { try $0.mergingCommonSubexpressions() },
    "both": { try $0.mergingCommonSubexpressions().simplified().mergingCommonSubexpressions() },
  ]

  private static func deviates(_ rewrite: (Graph) throws -> Graph, seed: UInt64) throws -> Bool {
    let graph = try randomGraph(seed: seed)
    let rewritten = try rewrite(graph)
    // Dead inputs go with the rewrite, so values are drawn by name.
    let (before, after) = (try evaluate(graph, seed: seed), try evaluate(rewritten, seed: seed))
    return !zip(before, after).allSatisfy { agree($0, $1, tolerance: 1e-9) }
      || before.count != after.count
  }

  @Test("on random graphs", arguments: rewrites.keys.sorted(), 0..<40 as Range<UInt64>)
  func keepsValues(name: String, seed: UInt64) throws {
    let rewrite = try #require(Self.rewrites[name])
    #expect(try !Self.deviates(rewrite, seed: seed), "\(name), seed \(seed)")
  }

  @Test("a wrong rewrite is caught by the same check")
  func negativeControl() throws {
    let caught = try (0..<40 as Range<UInt64>).filter { seed in
      try Self.deviates(
        { graph in
          try graph.rewritten { node, inputs in
            node.primitive is Add ? [try Subtract()(inputs[0], inputs[1])] : nil
          }
        }, seed: seed)
    }
    #expect(!caught.isEmpty)
  }

  @Test("simplification removes what changes nothing")
  func simplifies() throws {
    let n = Dim.symbol("n")
    let x = try Tensor.input("x", shape: [n, 2])
    let y = try ((x.transposed().transposed() * 1 + 0) / 1 - 0).reshaped(to: [2, n])
      .reshaped(to: [n, 2])
    let graph = try Graph(outputs: [Graph.Output("y", y)]).simplified()
    #expect(graph.nodes.count == 1)
    #expect(graph.outputs[0].tensor == x)
    let product = try Graph(outputs: [
      Graph.Output("z", x.transposed().matmul(x, transposesLeft: true, transposesRight: true))
    ]).simplified()
    #expect(product.nodes.count == 2)
  }

  @Test("a neutral operand that stretches the shape stays")
  func keepsBroadcast() throws {
    let x = try Tensor.input("x", shape: [1])
    let ones = try Tensor.constant(1).expanded(to: [3])
    let graph = try Graph(outputs: [Graph.Output("y", x * ones)]).simplified()
    #expect(graph.outputs[0].tensor.shape == [3])
  }

  @Test("equal work merges; other streams, variables and zeros of another sign do not")
  func merges() throws {
    let x = try Tensor.input("x", shape: [3])
    func count(_ tensors: [Tensor]) throws -> Int {
      try Graph(outputs: tensors.enumerated().map { Graph.Output("\($0)", $1) })
        .mergingCommonSubexpressions().nodes.count
    }
    #expect(try count([x.exp() + 1, x.exp() + 1]) == 4)
    #expect(
      try count([
        RandomUniform(shape: [2], stream: 0)(), RandomUniform(shape: [2], stream: 0)(),
        RandomUniform(shape: [2], stream: 1)(),
      ]) == 2)
    #expect(try count([.constant(0), .constant(-0.0), .constant(.nan), .constant(.nan)]) == 3)
    #expect(try count([Variable(shape: [2]).tensor, Variable(shape: [2]).tensor]) == 2)
  }
}
