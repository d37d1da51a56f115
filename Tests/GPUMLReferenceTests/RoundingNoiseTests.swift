import GPUMLGraph
import GPUMLReference
import Testing

/// What random rounding does to results, by which gradients are told apart from wrong ones.
@Suite("Random rounding")
struct RoundingNoiseTests {
  /// The results of some runs with random rounding, and the exact one.
  private func runs(
    _ values: [Double], _ dtype: DType = .float32, _ build: (Tensor) throws -> Tensor
  ) throws -> (exact: [Double], disturbed: [[Double]]) {
    let x = try Tensor.input("x", shape: [Dim(values.count)], dtype: dtype)
    let graph = try Graph(outputs: [Graph.Output("y", build(x))])
    let inputs = ["x": HostTensor(doubles: values, shape: [values.count], dtype: dtype)]
    func run(_ rounding: ReferenceEvaluator.Rounding) throws -> [Double] {
      try #require(
        try ReferenceEvaluator.run(graph, inputs: inputs, rounding: rounding).outputs["y"]
      ).values
    }
    return (try run(.none), try (1...8).map { try run(.atRandom(seed: $0)) })
  }

  @Test("what selects, compares, moves or counts elements stays as it is")
  func exact() throws {
    let values = [0.1, -2.5, 0.1, 3, 7, -0.0, 0.3, 1e4]
    let builds: [(Tensor) throws -> Tensor] = [
      { try $0.max(axes: [0]) }, { try $0.isEqual($0.max()).cast(to: .float32) },
      { try $0.sorted(axis: 0).values }, { try $0.relu() * 2 }, { try $0.floor() },
      { try $0.flipped(axes: [0]) }, { try $0.sign().sum() }, { try $0.clamped(low: 0, high: 1) },
    ]
    for dtype in DType.floating {
      for build in builds {
        let (exact, disturbed) = try runs(values, dtype, build)
        #expect(disturbed.allSatisfy { $0 == exact }, "\(dtype): \(disturbed)")
      }
    }
  }

  @Test("the same seed gives the same noise, and another one another")
  func seeds() throws {
    let (exact, first) = try runs([0.1, 0.2, 0.3]) { try $0.exp() }
    let (_, second) = try runs([0.1, 0.2, 0.3]) { try $0.exp() }
    #expect(first == second)
    #expect(Set(first).count > 1)
    for values in first {
      for (value, expected) in zip(values, exact) {
        #expect(abs(value - expected) <= 2.5e-7 * expected)
        #expect(Double(Float(value)) == value)
      }
    }
  }

  @Test("where terms cancel their rounding shows, in each type by its own")
  func cancellation() throws {
    for (dtype, unit) in [(DType.float32, 0x1p-24), (.float16, 0x1p-11), (.bfloat16, 0x1p-8)] {
      let (exact, disturbed) = try runs([3.75], dtype) { try $0.tanh() * -1 + 1 }
      let most = try #require(disturbed.map { abs($0[0] - exact[0]) }.max())
      #expect(most > unit / 4 && most < 6 * unit, "\(dtype): \(most)")
    }
    // The logarithm of a probability of nearly 1 is one of 1 + ε to a device.
    let certain = try runs([0, -11.6]) { try $0.logSoftmax() }
    #expect(certain.exact[0] > -1e-5 && certain.exact[0] < 0)
    let noise = try #require(certain.disturbed.map { abs($0[0] - certain.exact[0]) }.max())
    #expect(noise > 0x1p-25 && noise < 0x1p-22)
    // Terms of a sum are rounded too, though it is small itself.
    let (exact, disturbed) = try runs([1000.1, -1000.05, 1e-7, 1e-4]) { try $0.sum() }
    #expect(exact[0].magnitude < 0.1)
    #expect(disturbed.contains { abs($0[0] - exact[0]) > 1e-4 })
  }

  @Test("of a logarithm of a softmax near 0 the rounding of its sum is left")
  func certainty() throws {
    let (exact, disturbed) = try runs([12, 0.1]) { try $0.logSoftmax() }
    #expect(abs(exact[0]) < 1e-5)
    #expect(disturbed.allSatisfy { abs($0[0] - exact[0]) < 3e-7 })
    #expect(disturbed.contains { abs($0[0] - exact[0]) > 5e-8 })
  }

  @Test("noise of some element types leaves results of the others as they are")
  func types() throws {
    let x = try Tensor.input("x", shape: [3], dtype: .bfloat16)
    let narrow = try x.exp()
    let wide = try x.cast(to: .float32).exp()
    let graph = try Graph(outputs: [Graph.Output("narrow", narrow), Graph.Output("wide", wide)])
    let inputs = ["x": HostTensor(doubles: [0.5, 1, 3], shape: [3], dtype: .bfloat16)]
    func run(_ rounding: ReferenceEvaluator.Rounding) throws -> [String: [Double]] {
      try ReferenceEvaluator.run(graph, inputs: inputs, rounding: rounding).outputs
        .mapValues(\.values)
    }
    let exact = try run(.none)
    let sums = try run(.atRandom(seed: 1, of: [.float32]))
    #expect(sums["narrow"] == exact["narrow"] && sums["wide"] != exact["wide"])
    let storage = try run(.atRandom(seed: 1, of: [.float16, .bfloat16]))
    #expect(storage["narrow"] != exact["narrow"] && storage["wide"] == exact["wide"])
  }

  @Test("a whole power of a negative number stays a number")
  func powers() throws {
    let (exact, disturbed) = try runs([-0.3, -1.7, 2.1]) { try $0.power(3) }
    for values in disturbed {
      #expect(zip(values, exact).allSatisfy { abs($0 - $1) <= 1e-5 * abs($1) }, "\(values)")
    }
  }

  @Test("the slope of a saturated function is lost in 16 bits")
  func saturation() throws {
    let (exact, disturbed) = try runs([4.3125, 3], .bfloat16) { x in
      try gradients(of: x.tanh().sum(), withRespectTo: [x])[0]
    }
    for place in exact.indices {
      let most = try #require(disturbed.map { abs($0[place] - exact[place]) }.max())
      #expect(most > exact[place] / 2, "\(place): \(most) of \(exact[place])")
    }
  }
}
