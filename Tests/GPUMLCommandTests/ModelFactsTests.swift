import GPUML
import Testing

@testable import GPUMLCommand

@Suite("Facts of a model")
struct ModelFactsTests {
  @Test("operations are counted, or left out where they cannot be", arguments: [4, 1 << 40])
  func operations(size: Int) throws {
    let x = try Tensor.input("x", shape: [.symbol("n"), 3])
    let square = try Tensor.constant(1).expanded(to: [Dim(size), Dim(size)])
    let product = try square.matmul(square)
    let graph = try Graph(outputs: [.init("probabilities", x), .init("product", product)])
    let file = ModelFile(graph: try graph.encodedJSON(names: [:]), task: .classify, weights: [])
    let text = try ModelFacts(ModelContent(file, name: "m")).text
    #expect(text.contains("FLOP") == (size == 4))
    #expect(size != 4 || text.contains("128 FLOP"), "\(text)")
  }
}
