import GPUMLGraph
import GPUMLReference
import Testing

private func apply(
  _ primitive: any Primitive, _ values: [Double], _ other: [Double]? = nil, dtype: DType
) throws -> [Double] {
  let inputs = ([values] + (other.map { [$0] } ?? [])).map {
    ReferenceTensor(shape: [$0.count], dtype: dtype, values: $0)
  }
  return try Application(primitive, for: inputs).evaluate(inputs)[0].values
}

@Suite("Reference evaluator")
struct EvaluatorTests {
  @Test("every registered primitive has a reference meaning and a name of its own")
  func complete() {
    for type in PrimitiveRegistry.all { #expect(type is any ReferenceEvaluable.Type, "\(type)") }
    #expect(Set(PrimitiveRegistry.names).count == PrimitiveRegistry.names.count)
    #expect(PrimitiveRegistry.names.count > 30)
  }

  @Test("integers wrap around exactly, also where the product leaves float64")
  func wraps() throws {
    #expect(try apply(Add(), [127, -128], [1, -1], dtype: .int8) == [-128, 127])
    #expect(try apply(Subtract(), [0], [1], dtype: .uint8) == [255])
    // 2147483647² = 4611686014132420609, whose low word is 1.
    #expect(try apply(Multiply(), [2_147_483_647], [2_147_483_647], dtype: .int32) == [1])
    #expect(try apply(Multiply(), [4_294_967_295], [2], dtype: .uint32) == [4_294_967_294])
  }

  @Test("integer division truncates, gives 0 for 0 and wraps at the limit")
  func divides() throws {
    #expect(try apply(Divide(), [7, -7, 5, 0], [2, 2, 0, 0], dtype: .int32) == [3, -3, 0, 0])
    #expect(try apply(Divide(), [-128], [-1], dtype: .int8) == [-128])
    #expect(
      try apply(Divide(), [-9_223_372_036_854_775_808], [-1], dtype: .int64)
        == [-9_223_372_036_854_775_808])
  }

  @Test("casts clamp, truncate and turn NaN to 0")
  func casts() throws {
    let values = [1.9, -1.9, 300, -300, .nan, .infinity, -.infinity]
    #expect(
      try apply(Cast(to: .int8), values, dtype: .float32) == [1, -1, 127, -128, 0, 127, -128])
    #expect(try apply(Cast(to: .uint8), values, dtype: .float32) == [1, 0, 255, 0, 0, 255, 0])
    #expect(try apply(Cast(to: .bool), [0, -0.0, 0.5, .nan], dtype: .float32) == [0, 0, 1, 1])
    #expect(try apply(Cast(to: .int8), [1000, -1000], dtype: .int32) == [127, -128])
  }

  @Test("NaN survives relu, maximum and reductions; the first NaN is the argmax")
  func nan() throws {
    #expect(try apply(ReLU(), [.nan], dtype: .float32)[0].isNaN)
    let maxima = try apply(Maximum(), [.nan, 1], [1, .nan], dtype: .float32)
    #expect(maxima.allSatisfy { $0.isNaN })
    #expect(try apply(ReduceMax(axes: [0]), [1, .nan, 2], dtype: .float32)[0].isNaN)
    #expect(try apply(ArgMax(axis: 0), [1, .nan, 2, .nan], dtype: .float32) == [1])
    #expect(try apply(ArgMax(axis: 0), [1, 3, 3], dtype: .float32) == [1])
  }

  @Test("reductions of nothing")
  func empty() throws {
    #expect(try apply(ReduceSum(axes: [0]), [], dtype: .float32) == [0])
    #expect(try apply(ReduceMean(axes: [0]), [], dtype: .float32)[0].isNaN)
    #expect(try apply(ReduceMax(axes: [0]), [], dtype: .float32) == [-.infinity])
  }

  @Test("an axis that turns out empty in a run is an error of argmax")
  func argmaxOfNothing() throws {
    let x = try Tensor.input("x", shape: [.symbol("n")])
    let graph = try Graph(outputs: [Graph.Output("y", x.argmax())])
    #expect(throws: GraphError.self) {
      try ReferenceEvaluator.run(graph, inputs: ["x": HostTensor([Float]())])
    }
  }

  @Test("labels out of range give NaN in the loss and in its row of the gradient")
  func labels() throws {
    let logits = ReferenceTensor(shape: [2, 2], dtype: .float32, values: [0, 0, 0, 0])
    let labels = ReferenceTensor(shape: [2], dtype: .int32, values: [1, 2])
    let upstream = ReferenceTensor(shape: [2], dtype: .float32, values: [1, 1])
    let loss = try Application(SoftmaxCrossEntropy(), for: [logits, labels])
      .evaluate([logits, labels])[0].values
    #expect(loss[0].isFinite && loss[1].isNaN)
    let operands = [logits, labels, upstream]
    let gradient = try Application(SoftmaxCrossEntropyGradient(), for: operands)
      .evaluate(operands)[0].values
    #expect(gradient[..<2] == [0.5, -0.5])
    #expect(gradient[2].isNaN && gradient[3].isNaN)
  }

  @Test("updates change nothing while the state is not finite")
  func notFinite() throws {
    let p = try Variable(shape: [2])
    let g = try Tensor.input("g", shape: [2])
    let updates = try AdamUpdate().updates([p], gradients: [g])
    let assigned = try Variable(shape: [2])
    let graph = try Graph(
      outputs: [], updates: updates + [Update(variable: assigned, value: g * 2)])
    let slots = updates.map(\.variable).dropFirst()
    var values = [p: HostTensor([1, 2] as [Float]), assigned: HostTensor([5, 6] as [Float])]
    for slot in slots { values[slot] = HostTensor([3, 4] as [Float]) }
    let given = ["g": HostTensor([Float.nan, 1])]
    let kept = try ReferenceEvaluator.run(
      graph, inputs: given, variables: values,
      state: ReferenceState(finite: false, learningRate: 1)
    ).updates
    #expect(kept[p]?.values == [1, 2] && kept[assigned]?.values == [5, 6])
    for slot in slots { #expect(kept[slot]?.values == [3, 4]) }
    let moved = try ReferenceEvaluator.run(
      graph, inputs: given, variables: values, state: ReferenceState(learningRate: 1)
    ).updates
    #expect(moved[p]?.values[0].isNaN == true)
    #expect(moved[p]?.values[1] != 2 && moved[assigned]?.values[1] == 2)
  }

  @Test("random numbers depend on seed, stream and step, and are prefixes of one another")
  func randomNumbers() throws {
    func draw(_ primitive: any Primitive, seed: UInt64 = 7, step: UInt64 = 3) throws -> [Double] {
      let state = ReferenceState(seed: seed, randomCounter: step)
      return try Application(primitive, for: []).evaluate([], state: state)[0].values
    }
    let base = try draw(RandomUniform(shape: [3, 3], stream: 2))
    #expect(try draw(RandomUniform(shape: [3, 3], stream: 2)) == base)
    #expect(try draw(RandomUniform(shape: [5], stream: 2)) == Array(base[..<5]))
    #expect(try draw(RandomUniform(shape: [3, 3], stream: 3)) != base)
    #expect(try draw(RandomUniform(shape: [3, 3], stream: 2), seed: 8) != base)
    #expect(try draw(RandomUniform(shape: [3, 3], stream: 2), step: 3 + 1 << 32) != base)
    // Element 85 is the second word of the sixth block of the second 64.
    let block = Philox.block(counter: (21, 2, 3, 0), key: (7, 0))
    let many = try draw(RandomUniform(shape: [1000], stream: 2))
    #expect(many[85] == Double(block.1 >> 8) / 16_777_216)
    let normal = try draw(RandomNormal(shape: [1000], stream: 2))
    let other = Philox.block(counter: (21, 2 | 0x8000_0000, 3, 0), key: (7, 0))
    #expect(normal[85] == Double(Philox.normal(block.1, other.1)))
    let mean = normal.reduce(0, +) / 1000
    let variance = normal.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 1000
    // Four standard errors of 1000 draws.
    #expect(abs(mean) < 0.13 && abs(variance - 1) < 0.18)
  }

  @Test("rounding rounds every result to its type, and only if asked")
  func rounding() throws {
    let x = try Tensor.input("x", shape: [1], dtype: .float16)
    let graph = try Graph(outputs: [Graph.Output("y", x + 2048)])
    let given = ["x": HostTensor([1] as [Float16])]
    #expect(try ReferenceEvaluator.run(graph, inputs: given).outputs["y"]?.values == [2049])
    #expect(
      try ReferenceEvaluator.run(graph, inputs: given, rounding: .toType).outputs["y"]?.values
        == [2048])
  }

  @Test("missing and wrong values are named")
  func errors() throws {
    let x = try Tensor.input("x", shape: [2])
    let graph = try Graph(outputs: [Graph.Output("y", x + Variable(shape: [2]).tensor)])
    #expect(throws: GraphError.self) { try ReferenceEvaluator.run(graph) }
    #expect(
      throws: GraphError.invalidValue(operation: "input 'x'", reason: "is int32, not float32")
    ) {
      try ReferenceEvaluator.run(graph, inputs: ["x": HostTensor([1, 2] as [Int32])])
    }
    #expect {
      try ReferenceEvaluator.run(graph, inputs: ["x": HostTensor([1, 2] as [Float])])
    } throws: {
      "\($0)" == "variable: a variable [2] has no value"
    }
  }

  @Test("folding gives the value of a constant, and refuses what only a run knows")
  func folding() throws {
    let constant = try (Tensor.constant(HostTensor([1, 2] as [Float])) * 3).sum()
    #expect(try ReferenceEvaluator.value(of: constant) == HostTensor(scalar: Float(9)))
    let symbol = Dim.symbol("n")
    for tensor in [
      try Tensor.input("x", shape: []), try Variable(shape: []).tensor,
      try .uniform(shape: [2], stream: 0), try .constant(1).expanded(to: [Dim(1 << 40)]),
      try .constant(1).expanded(to: [symbol]), try SizeOf([symbol], dtype: .int32)(),
    ] {
      #expect(throws: GraphError.self) { try ReferenceEvaluator.value(of: tensor) }
    }
  }

  @Test("sizes with symbols come from the inputs")
  func symbols() throws {
    let n = Dim.symbol("n")
    let x = try Tensor.input("x", shape: [n, 2])
    let graph = try Graph(outputs: [
      Graph.Output("mean", x.mean()), Graph.Output("size", SizeOf([n, n], dtype: .int32)()),
      Graph.Output("flat", x.reshaped(to: [n * 2])),
    ])
    let given = ["x": try HostTensor([1, 2, 3, 4, 5, 6] as [Float], shape: [3, 2])]
    let outputs = try ReferenceEvaluator.run(graph, inputs: given).outputs
    #expect(outputs["mean"]?.values == [3.5])
    #expect(outputs["size"]?.values == [9])
    #expect(outputs["flat"]?.shape == [6])
  }
}
