import GPUMLGraph
import GPUMLReference
import Testing

/// The gradient of the sum of what is computed from values, and the result.
private func gradient(
  of values: [Double], _ build: @Sendable (Tensor) throws -> Tensor
) throws -> (value: [Double], gradient: [Double]) {
  let x = try Tensor.input("x", shape: [Dim(values.count)])
  let y = try build(x)
  let graph = try Graph(outputs: [
    Graph.Output("y", y), Graph.Output("dx", gradients(of: y.sum(), withRespectTo: [x])[0]),
  ])
  let given = ["x": ReferenceTensor(shape: [values.count], dtype: .float32, values: values)]
  let results = try ReferenceEvaluator.run(graph, inputs: given, variables: [:]).outputs
  return (results["y"]?.values ?? [], results["dx"]?.values ?? [])
}

@Suite("Reductions at their limits")
struct ReductionTests {
  @Test("the gradient of a product does not divide by its zeros")
  func zeros() throws {
    #expect(try gradient(of: [2, 3, 4]) { try $0.product() }.gradient == [12, 8, 6])
    #expect(try gradient(of: [2, 0, 4]) { try $0.product() }.gradient == [0, 8, 0])
    #expect(try gradient(of: [2, 0, 0]) { try $0.product() }.gradient == [0, 0, 0])
    #expect(
      try gradient(of: [2, 0, 4]) { try $0.cumulativeProduct(axis: 0) }.gradient == [1, 10, 0])
  }

  @Test("the second derivative of a product knows its zeros too")
  func second() throws {
    let result = try gradient(of: [2, 0, 4]) { x in
      try gradients(of: x.product(), withRespectTo: [x])[0]
    }
    // d/dx of Σ of the products of pairs: each element's is the sum of the others.
    #expect(result.value == [0, 8, 0])
    #expect(result.gradient == [4, 6, 2])
  }

  @Test("norms, deviation and log-sum-exp have no NaN where they have a kink or a limit")
  func kinks() throws {
    #expect(try gradient(of: [0, 0]) { try $0.l2Norm() }.gradient == [0, 0])
    #expect(try gradient(of: [0, -2, 3]) { try $0.l1Norm() }.gradient == [0, -1, 1])
    #expect(try gradient(of: [3, 3]) { try $0.standardDeviation() }.gradient == [0, 0])
    let nothing = try gradient(of: [-.infinity, -.infinity]) { try $0.logSumExp() }
    #expect(nothing.value == [-.infinity] && nothing.gradient == [0, 0])
    let all = try gradient(of: [.infinity, 1]) { try $0.logSumExp() }
    #expect(all.value == [.infinity] && all.gradient == [1, 0])
    let part = try gradient(of: [-.infinity, 1, 1]) { try $0.logSumExp() }
    #expect(agree(part.gradient, [0, 0.5, 0.5], tolerance: 1e-12))
  }

  @Test("equal extremes share the gradient")
  func shared() throws {
    #expect(try gradient(of: [1, 3, 1]) { try $0.min() }.gradient == [0.5, 0, 0.5])
    #expect(try gradient(of: [1, 3, 3]) { try $0.max() }.gradient == [0, 0.5, 0.5])
  }

  @Test("the gradient of sorting goes back to where elements stood")
  func sorting() throws {
    let weights = HostTensor([1, 2, 3] as [Float])
    let sorted = try gradient(of: [5, 9, 7]) { x in
      try x.sorted(descending: true).values * .constant(weights)
    }
    #expect(sorted.value == [9, 14, 15] && sorted.gradient == [3, 1, 2])
    let top = try gradient(of: [5, 9, 7]) { try $0.topK(2).values }
    #expect(top.value == [9, 7] && top.gradient == [0, 1, 1])
  }

  @Test("a float16 mean of more elements than float16 can count has a gradient")
  func manyHalves() throws {
    let x = try Tensor.input("x", shape: [100_000], dtype: .float16)
    let dx = try gradients(of: x.mean(), withRespectTo: [x])[0]
    let graph = try Graph(outputs: [Graph.Output("dx", dx)])
    let symbols = try ReferenceEvaluator.run(graph, inputs: [:] as [String: HostTensor])
    #expect(try #require(symbols.outputs["dx"]).values[0] > 9e-6)
  }

  @Test("too few elements are an error once a symbol is known")
  func tooFew() throws {
    let x = try Tensor.input("x", shape: [.symbol("n")])
    let graph = try Graph(outputs: [Graph.Output("y", x.topK(3).values)])
    #expect(throws: GraphError.self) {
      try ReferenceEvaluator.run(graph, inputs: ["x": HostTensor([1, 2] as [Float])])
    }
    #expect(
      try ReferenceEvaluator.run(graph, inputs: ["x": HostTensor([1, 2, 3] as [Float])])
        .outputs["y"]?.values == [3, 2, 1])
  }
}
