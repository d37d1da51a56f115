import Foundation
import GPUMLGraph
import GPUMLReference
import Testing

/// A case of a file in `Expected`, which a script beside it has made.
private struct ExpectedCase: Decodable {
  struct Values: Decodable {
    let shape: [Int]
    let dtype: DType
    let values: [Number]
    var tensor: ReferenceTensor {
      ReferenceTensor(shape: shape, dtype: dtype, values: values.map(\.value))
    }
  }

  struct Number: Decodable {
    let value: Double
    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let text = try? container.decode(String.self) {
        value = try #require(Double(text))
      } else {
        value = try container.decode(Double.self)
      }
    }
  }

  let op: String
  let attributes: Attributes?
  let inputs: [Values]
  let output: Values?
  let outputs: [Values]?
  let upstream: Values?
  let gradients: [Values?]?
  let step: UInt32?
  let rate: Float?

  /// The cases of all files in `Expected`, sorted by file.
  static let all: [ExpectedCase] = {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Expected")
    let files =
      (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil))
      ?? []
    return files.filter { $0.pathExtension == "json" }.sorted { $0.path < $1.path }.flatMap {
      (try? JSONDecoder().decode([ExpectedCase].self, from: Data(contentsOf: $0))) ?? []
    }
  }()

  /// What the case is about, applied to inputs: a primitive by its name, or what is composed.
  func build(_ inputs: [Tensor]) throws -> [Tensor] {
    let attributes = attributes ?? Attributes()
    if let build = ExpectedCompositions.all[op] { return try build(inputs, attributes) }
    let node = try Node(PrimitiveRegistry.primitive(named: op, attributes), inputs)
    return node.outputs.indices.map { node.output($0) }
  }
}

/// What is composed of primitives, by the name that the makers of expected values use.
enum ExpectedCompositions {
  typealias Build = @Sendable ([Tensor], Attributes) throws -> [Tensor]

  /// One line a family.
  static let all: [String: Build] = [
    elementwise, activations, reductions, layout, indexing, products, losses, normalizations,
    clippings,
  ].reduce(into: [:]) { all, family in all.merge(family) { first, _ in first } }
}

@Suite("Values against PyTorch")
struct ExpectedValueTests {
  @Test("the file covers every primitive that PyTorch has")
  func covered() {
    let missing: Set = [
      "input", "constant", "variable", "size", "random_uniform", "random_normal",
      // Checked as the gradient of the loss.
      "softmax_cross_entropy_gradient",
    ]
    let covered = Set(ExpectedCase.all.map(\.op))
    #expect(Set(PrimitiveRegistry.names).subtracting(missing).subtracting(covered).isEmpty)
    #expect(covered.isSubset(of: PrimitiveRegistry.names + ExpectedCompositions.all.keys))
    #expect(covered.isSuperset(of: ExpectedCompositions.all.keys))
  }

  @Test("values match", arguments: ExpectedCase.all.indices)
  func values(index: Int) throws {
    let item = ExpectedCase.all[index]
    let inputs = item.inputs.map(\.tensor)
    let state = ReferenceState(step: item.step ?? 0, learningRate: item.rate ?? 0)
    let found = try Application(for: inputs, build: item.build).evaluate(inputs, state: state)
    let expected = try #require(item.outputs ?? item.output.map { [$0] })
    #expect(found.count == expected.count)
    for (found, expected) in zip(found, expected) {
      #expect(found.shape == expected.shape)
      #expect(found.dtype == expected.dtype)
      // Both compute in float64; sums and library functions differ in the last bits.
      #expect(
        agree(found.values, expected.tensor.values, tolerance: 1e-12),
        "\(item.op) \(item.inputs.map(\.shape)): \(found.values) \(expected.tensor.values)")
    }
  }

  @Test("gradients match", arguments: ExpectedCase.all.indices)
  func gradientsMatch(index: Int) throws {
    let item = ExpectedCase.all[index]
    guard let upstream = item.upstream, let expected = item.gradients else { return }
    let inputs = item.inputs.map(\.tensor)
    let application = try Application(for: inputs, build: item.build)
    let places = expected.indices.filter { expected[$0] != nil }
    let weight = try Tensor.input("upstream", shape: application.output.shape)
    let loss = try (application.output * weight).sum()
    let found = try gradients(of: loss, withRespectTo: places.map { application.inputs[$0] })
    let graph = try Graph(outputs: zip(places, found).map { Graph.Output("g\($0)", $1) })
    var given = ["upstream": upstream.tensor]
    for (place, value) in inputs.enumerated() { given["x\(place)"] = value }
    let names = Set(graph.inputs.map(\.label))
    let results = try ReferenceEvaluator.run(
      graph, inputs: given.filter { names.contains($0.key) }, variables: [:])
    for place in places {
      // Constants within gradients are float32.
      #expect(
        agree(
          results.outputs["g\(place)"]?.values ?? [], expected[place]?.tensor.values ?? [],
          tolerance: 1e-6), "\(item.op), operand \(place)")
    }
  }
}
