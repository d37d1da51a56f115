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

  @Test("tensors are equal by their bits, and hashed by the first of them")
  func tensorIdentity() {
    func value(_ values: [Double], _ dtype: DType) -> Attributes.Value {
      .tensor(HostTensor(doubles: values, shape: [values.count], dtype: dtype))
    }
    for dtype in DType.allCases {
      let ones = [Double](repeating: 1, count: 100)
      let others = ones.dropLast() + [0]
      #expect(value(ones, dtype) == value(ones, dtype))
      #expect(value(ones, dtype) != value(Array(others), dtype))
      #expect(value(ones, dtype) != value(ones + [1], dtype))
      #expect(value(ones, dtype) != value(ones, dtype == .int8 ? .uint8 : .int8))
      // As costly for millions of elements as for some.
      #expect(value(ones, dtype).hashValue == value(Array(others), dtype).hashValue)
      #expect(value(ones, dtype).hashValue != value([0] + ones.dropFirst(), dtype).hashValue)
    }
    for dtype in DType.floating {
      #expect(value([.nan], dtype) == value([.nan], dtype))
      #expect(value([0], dtype) != value([-0.0], dtype))
      #expect(value([0], dtype).hashValue != value([-0.0], dtype).hashValue)
    }
  }
}

@Suite("Registry")
struct RegistryTests {
  @Test("an unknown name is refused; what each primitive refuses is tried with its trials")
  func unknown() throws {
    #expect(throws: GraphError.malformed(reason: "unknown primitive 'nope'")) {
      try PrimitiveRegistry.primitive(named: "nope", Attributes())
    }
  }
}
