import GPUMLGraph
import GPUMLNN
import GPUMLReference
import Testing

@Suite struct ModuleValueTests {
  private func run(
    _ module: some Module, _ x: HostTensor, mode: ForwardContext.Mode = .inference,
    values: [Variable: HostTensor] = [:], seed: UInt64 = 7, step: UInt64 = 0
  ) throws -> [Double] {
    let input = try Tensor.input("x", shape: [Dim](x.shape))
    let output = try module(input, in: ForwardContext(mode))
    let result = try ReferenceEvaluator.run(
      Graph(outputs: [.init("y", output)]), inputs: ["x": x], variables: values,
      state: ReferenceState(seed: seed, randomCounter: step))
    return try #require(result.outputs["y"]).values
  }

  @Test("a linear layer multiplies by the transposed weight and adds the bias")
  func linear() throws {
    let layer = try Linear(inputs: 2, outputs: 3)
    let bias = try #require(layer.bias)
    let values = [
      layer.weight: try HostTensor([1, 2, 3, 4, 5, 6] as [Float], shape: [3, 2]),
      bias: HostTensor([10, 20, 30] as [Float]),
    ]
    // Worked out by hand: [1, -1]·[1, 2] + 10, ….
    let rows = try HostTensor([1, -1, 0.5, 2] as [Float], shape: [2, 1, 2])
    #expect(try run(layer, rows, values: values) == [9, 19, 29, 14.5, 29.5, 44.5])
    let vector = HostTensor([1, -1] as [Float])
    #expect(try run(layer, vector, values: values) == [9, 19, 29])
    let none = try HostTensor([] as [Float], shape: [0, 2])
    #expect(try run(layer, none, values: values).isEmpty)
  }

  @Test("a row of a batch gives the same as the row alone")
  func rows() throws {
    let model = try ModelPreset(parsing: "mlp:4,3").build(featureShape: [2, 3], outputs: 2)
    var values: [Variable: HostTensor] = [:]
    for named in model.namedVariables() {
      values[named.variable] = try named.variable.initializer.values(
        shape: named.variable.shape, dtype: .float32, seed: 1, name: named.name)
    }
    var random = Philox(seed: 2)
    let x = (0..<18).map { _ in random.normal() }
    let batch = try run(model, HostTensor(x, shape: [3, 2, 3]), values: values)
    for row in 0..<3 {
      let alone = try HostTensor(Array(x[(6 * row)..<(6 * row + 6)]), shape: [1, 2, 3])
      #expect(try run(model, alone, values: values) == Array(batch[(2 * row)..<(2 * row + 2)]))
    }
    #expect(Set(batch).count == 6)
  }

  @Test("dropout drops its share, keeps the mean, and draws anew at each step")
  func dropout() throws {
    let layer = try Dropout(rate: 0.25)
    let ones = HostTensor([Float](repeating: 1, count: 10_000))
    let first = try run(layer, ones, mode: .training)
    let kept = first.filter { $0 != 0 }
    #expect(kept.allSatisfy { abs($0 - 4.0 / 3) < 1e-6 })
    // Four standard deviations of a binomial count: 4·√(10000·0.25·0.75).
    #expect(abs(Double(kept.count) - 7500) < 174)
    #expect(try run(layer, ones, mode: .training) == first)
    #expect(try run(layer, ones, mode: .training, step: 1) != first)
    #expect(try run(layer, ones) == [Double](repeating: 1, count: 10_000))
  }

  @Test("two dropout layers of one network drop different elements")
  func twoDropouts() throws {
    let ones = HostTensor([Float](repeating: 1, count: 1000))
    let one = try run(Dropout(rate: 0.5), ones, mode: .training).count { $0 != 0 }
    let two = try Sequential {
      try Dropout(rate: 0.5)
      try Dropout(rate: 0.5)
    }
    let both = try run(two, ones, mode: .training).count { $0 != 0 }
    // With one stream for both, as many would be left as of one.
    #expect(both < one * 3 / 4)
  }

  @Test("losses are means over the batch")
  func losses() throws {
    let logits = try Tensor.input("x", shape: [2, 2])
    let labels = try Tensor.input("y", shape: [2], dtype: .int32)
    let graph = try Graph(outputs: [
      .init("entropy", Loss.crossEntropy(logits, target: labels)),
      .init(
        "squares",
        Loss.meanSquaredError(
          logits,
          target: Tensor.constant(HostTensor([1, 1, 1, 1] as [Float]))
            .reshaped(to: [2, 2]))),
    ])
    let outputs = try ReferenceEvaluator.run(
      graph,
      inputs: [
        "x": HostTensor([0, 0, 3, 0] as [Float], shape: [2, 2]),
        "y": HostTensor([0, 1] as [Int32]),
      ]
    ).outputs
    // (ln 2 + ln(1 + e³)) / 2 and (1 + 1 + 4 + 1) / 4.
    let entropy = try #require(outputs["entropy"]?.values.first)
    #expect(abs(entropy - 1.8708672670) < 1e-9)
    #expect(outputs["squares"]?.values == [1.75])
  }
}
