import Foundation
import GPUMLGraph
import GPUMLReference
import Testing

/// A case of `Expected/expected.json`; see `make_expected.py`.
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

  static let all: [ExpectedCase] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Expected/expected.json")
    return (try? JSONDecoder().decode([ExpectedCase].self, from: Data(contentsOf: file))) ?? []
  }()
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
    #expect(Set(PrimitiveRegistry.names).subtracting(missing) == covered)
  }

  @Test("values match", arguments: ExpectedCase.all.indices)
  func values(index: Int) throws {
    let item = ExpectedCase.all[index]
    let primitive = try PrimitiveRegistry.primitive(
      named: item.op, item.attributes ?? Attributes())
    let inputs = item.inputs.map(\.tensor)
    let state = ReferenceState(step: item.step ?? 0, learningRate: item.rate ?? 0)
    let found = try Application(primitive, for: inputs).evaluate(inputs, state: state)
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
    let primitive = try PrimitiveRegistry.primitive(
      named: item.op, item.attributes ?? Attributes())
    let inputs = item.inputs.map(\.tensor)
    let application = try Application(primitive, for: inputs)
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
