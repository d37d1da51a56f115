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
        guard let number = Double(text) else {
          throw DecodingError.dataCorruptedError(in: container, debugDescription: text)
        }
        value = number
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
  /// The seed and the draw of random numbers.
  let seed: UInt64?
  let draw: UInt64?

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Expected")

  /// The cases of each file in `Expected`, or why they cannot be read; sorted by file.
  static let files: [(name: String, cases: Result<[ExpectedCase], any Error>)] = {
    do {
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      return names.filter { $0.hasSuffix(".json") }.sorted().map { name in
        (
          name,
          Result {
            try cases(Data(contentsOf: folder.appending(path: name)))
          }
        )
      }
    } catch {
      return [(folder.path, .failure(error))]
    }
  }()

  /// The cases of all files that can be read; a test of its own demands that all can.
  static let all: [ExpectedCase] = files.flatMap { (try? $0.cases.get()) ?? [] }

  static func cases(_ data: Data) throws -> [ExpectedCase] {
    try JSONDecoder().decode([ExpectedCase].self, from: data)
  }

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

@Suite("Values against PyTorch and NumPy")
struct ExpectedValueTests {
  @Test("every file can be read, and one that is damaged cannot")
  func readable() throws {
    #expect(ExpectedCase.files.count > 1)
    for file in ExpectedCase.files {
      switch file.cases {
      case .success(let cases): #expect(!cases.isEmpty, "\(file.name)")
      case .failure(let error): Issue.record(error, "\(file.name)")
      }
    }
    let good = #"[{"op": "exp", "inputs": [{"shape": [1], "dtype": "float32", "values": [1]}]}]"#
    #expect(try ExpectedCase.cases(Data(good.utf8)).count == 1)
    for damaged in [
      String(good.dropLast()), good.replacing("float32", with: "float33"),
      good.replacing("\"op\"", with: "\"oq\""), good.replacing("[1]}", with: "[\"one\"]}"),
    ] {
      #expect(throws: (any Error).self) { try ExpectedCase.cases(Data(damaged.utf8)) }
    }
  }

  @Test("the files cover every primitive")
  func covered() {
    let missing: Set = [
      "input", "constant", "variable", "size",
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
    let state = ReferenceState(
      step: item.step ?? 0, seed: item.seed ?? 0, randomCounter: item.draw ?? 0,
      learningRate: item.rate ?? 0)
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
