import Foundation
import GPUMLGraph
import Testing

/// A graph with every kind of attribute and of dimension, and the names of its variables.
private func sample() throws -> (Graph, [Variable: String]) {
  let (n, m) = (Dim.symbol("n"), Dim.symbol("m"))
  let x = try Tensor.input("x", shape: [n, 6])
  let weight = try Variable(shape: [6, 4])
  let bias = try Variable(shape: [4], role: .statistic)
  let hidden = try (x.matmul(weight.tensor) + bias.tensor).gelu(approximate: true)
  let limits = try Tensor.constant(
    HostTensor([.infinity, -.infinity, -0.0, 0.1] as [Float]))
  let logits = try hidden.maximum(limits).dropout(rate: 0.25, stream: 7)
  let odd = try Tensor.input("odd", shape: [(n * 2 + 1) / 3, m * n, n / 2 * 2 - 1], dtype: .int64)
  let large = try Tensor.constant(HostTensor([.max, 1 << 53 + 1] as [Int64]))
  let graph = try Graph(outputs: [
    Graph.Output("logits", logits), Graph.Output("label", logits.argmax()),
    Graph.Output("mean", logits.reshaped(to: [n * 4]).mean()), Graph.Output("odd", odd),
    Graph.Output("large", large), Graph.Output("nan", .constant(.nan, dtype: .bfloat16)),
    Graph.Output("yes", .constant(HostTensor([true, false]))),
    Graph.Output("tied", weight.tensor.transposed()),
    Graph.Output("size", SizeOf([n, m / n], dtype: .int32)()),
  ])
  return (graph, [weight: "layer.weight", bias: "layer.bias"])
}

private func names(_ variables: [NamedVariable]) -> [Variable: String] {
  Dictionary(uniqueKeysWithValues: variables.map { ($0.variable, $0.name) })
}

private let golden = URL(filePath: #filePath).deletingLastPathComponent()
  .appending(path: "Golden/graph-v1.json")

@Suite("Saved graphs")
struct SerializationTests {
  @Test("a graph comes back the same, and gives the same text again")
  func roundTrip() throws {
    let (graph, given) = try sample()
    let text = try graph.encodedJSON(names: given)
    let (restored, variables) = try Graph.decodeJSON(text)
    #expect(variables.map(\.name) == ["layer.weight", "layer.bias"])
    #expect(variables.map(\.variable.role) == [.parameter, .statistic])
    #expect(restored.outputs.map(\.name) == graph.outputs.map(\.name))
    #expect(restored.outputs.map(\.tensor.type) == graph.outputs.map(\.tensor.type))
    #expect(restored.nodes.map(\.primitive.attributes) == graph.nodes.map(\.primitive.attributes))
    #expect(try restored.encodedJSON(names: names(variables)) == text)
  }

  @Test("version 1 stays readable and is what is written")
  func goldenFile() throws {
    let text = try String(contentsOf: golden, encoding: .utf8)
    let (graph, variables) = try Graph.decodeJSON(text)
    let (expected, given) = try sample()
    #expect(graph.nodes.map(\.primitive.name) == expected.nodes.map(\.primitive.name))
    #expect(graph.nodes.map(\.primitive.attributes) == expected.nodes.map(\.primitive.attributes))
    #expect(graph.outputs.map(\.tensor.type) == expected.outputs.map(\.tensor.type))
    #expect(try graph.encodedJSON(names: names(variables)) + "\n" == text)
    #expect(try expected.encodedJSON(names: given) + "\n" == text)
  }

  @Test("updates are left out, with what only they need")
  func updates() throws {
    let x = try Tensor.input("x", shape: [2])
    let state = try Variable(shape: [2])
    let graph = try Graph(
      outputs: [Graph.Output("y", x)], updates: [Update(variable: state, value: x.exp())])
    #expect(try graph.saved(names: [:]).nodes.map(\.op) == ["input"])
  }

  @Test("variables without a name and names of two variables are errors")
  func naming() throws {
    let (first, second) = (try Variable(shape: [2]), try Variable(shape: [2]))
    let graph = try Graph(outputs: [Graph.Output("y", first.tensor + second.tensor)])
    #expect(throws: GraphError.self) { try graph.saved(names: [first: "a"]) }
    #expect(throws: GraphError.self) { try graph.saved(names: [first: "a", second: "a"]) }
  }

  @Test("nodes that read one name read one variable")
  func shared() throws {
    let node = """
      {"op":"variable","name":"w","attributes":{"shape":{"ints":[2]},\
      "dtype":{"string":"float32"},"role":{"string":"parameter"}}}
      """
    let (graph, variables) = try Graph.decodeJSON(
      """
      {"version":1,"nodes":[\(node),\(node),{"op":"add","inputs":[[0,0],[1,0]]}],\
      "outputs":[{"name":"y","node":2,"output":0}]}
      """)
    #expect(variables.map(\.name) == ["w"])
    #expect(graph.variables.count == 1)
  }

  @Test(
    "every kind of attribute keeps its kind and its bits",
    arguments: [
      .int(.max), .int(-1), .double(1), .double(-0.0), .double(.infinity), .double(-.infinity),
      .double(.nan), .double(.leastNonzeroMagnitude), .string("ü\n\"\\"), .bool(true), .ints([]),
      .ints([.min, 3]),
      .dims([]), .dims([3, .symbol("n")]),
    ] as [Attributes.Value])
  func attributeKinds(value: Attributes.Value) throws {
    let data = try JSONEncoder().encode(Attributes(["a": value]))
    #expect(try JSONDecoder().decode(Attributes.self, from: data) == Attributes(["a": value]))
  }

  @Test("every element type is exact", arguments: DType.allCases)
  func tensors(dtype: DType) throws {
    let values = [0, 1, 0.333, -7, 3e38, -0.0, .infinity, .nan, 1e-40, 65504]
    let value = Attributes.Value.tensor(HostTensor(doubles: values, shape: [2, 5], dtype: dtype))
    let data = try JSONEncoder().encode(value)
    #expect(try JSONDecoder().decode(Attributes.Value.self, from: data) == value)
  }
}

@Suite("Registry")
struct RegistryTests {
  @Test("a primitive comes back from its name and attributes")
  func attributes() throws {
    let n = Dim.symbol("n")
    let all: [any Primitive] = [
      Input(label: "x", type: TensorType([n, 2], .uint8)),
      Constant(HostTensor([1, 2] as [Int8])),
      try Variable(shape: [2, 3], dtype: .bfloat16, role: .slot(kind: "m")).tensor.node.primitive,
      SizeOf([n], dtype: .float16), Add(), Subtract(), Multiply(), Divide(), Maximum(), LessThan(),
      LessOrEqual(), EqualTo(), Select(), Cast(to: .int64), Exponential(), Logarithm(),
      SquareRoot(), ErrorFunction(), ReLU(), GELU(approximate: true), HyperbolicTangent(),
      Sigmoid(), ReduceSum(axes: [0, 2]), ReduceMean(axes: [1]), ReduceMax(axes: []),
      ArgMax(axis: 3), Reshape(to: [n, 3]), Transpose([1, 0]), Expand(to: [4, n]),
      MatMul(transposesLeft: true, transposesRight: false), Softmax(), SoftmaxCrossEntropy(),
      SoftmaxCrossEntropyGradient(), RandomUniform(shape: [n], stream: 3),
      RandomNormal(shape: [2], stream: 4),
      try SGDUpdate(momentum: 0.5, nesterov: true, weightDecay: 0.1),
      try AdamUpdate(beta1: 0.8, beta2: 0.9, epsilon: 1e-6, weightDecay: 0.2, decoupled: true),
      LayerNorm(axis: 2, epsilon: 0.1), RMSNorm(axis: 1, epsilon: 0.2),
      RowNormGradient(axis: 1, isCentered: true),
      RowNormParameterGradient(axis: 0, isCentered: false),
      try RMSPropUpdate(
        alpha: 0.8, epsilon: 1e-6, momentum: 0.5, weightDecay: 0.2, isCentered: true),
      try AdagradUpdate(
        learningRateDecay: 0.1, epsilon: 1e-6, weightDecay: 0.2, initialAccumulator: 0.3),
      try LionUpdate(beta1: 0.8, beta2: 0.7, weightDecay: 0.2),
      try LAMBUpdate(beta1: 0.8, beta2: 0.7, epsilon: 1e-5, weightDecay: 0.2),
      try EMAUpdate(decay: 0.7), GradientNorm(),
    ]
    #expect(Set(all.map(\.name)) == Set(PrimitiveRegistry.names))
    #expect(all.count == PrimitiveRegistry.names.count)
    for primitive in all {
      let data = try JSONEncoder().encode(primitive.attributes)
      let attributes = try JSONDecoder().decode(Attributes.self, from: data)
      let restored = try PrimitiveRegistry.primitive(named: primitive.name, attributes)
      #expect(type(of: restored) == type(of: primitive))
      #expect(restored.attributes == primitive.attributes, "\(primitive.name)")
    }
  }

  @Test("a primitive with attributes refuses none, wrong kinds and an unknown name")
  func malformed() throws {
    let free: Set = [
      "add", "subtract", "multiply", "divide", "maximum", "less", "less_equal", "equal", "select",
      "exp", "log", "sqrt", "erf", "relu", "tanh", "sigmoid", "softmax", "softmax_cross_entropy",
      "softmax_cross_entropy_gradient", "gradient_norm",
    ]
    let keys = [
      "label", "shape", "dtype", "value", "role", "sizes", "axes", "axis", "permutation",
      "transposes_left", "transposes_right", "approximate", "stream", "momentum", "nesterov",
      "weight_decay", "beta1", "beta2", "epsilon", "decoupled",
    ]
    for name in PrimitiveRegistry.names where !free.contains(name) {
      let wrong = Dictionary(uniqueKeysWithValues: keys.map { ($0, Attributes.Value.string("?")) })
      for attributes in [[:], wrong] {
        #expect(throws: GraphError.self, "\(name)") {
          try PrimitiveRegistry.primitive(named: name, Attributes(attributes))
        }
      }
    }
    #expect(throws: GraphError.malformed(reason: "unknown primitive 'nope'")) {
      try PrimitiveRegistry.primitive(named: "nope", Attributes())
    }
  }
}
