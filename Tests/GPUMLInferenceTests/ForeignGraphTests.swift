import GPUML
import Testing

@testable import GPUMLInference

@Suite("Models whose graphs make no sense")
struct ForeignGraphTests {
  /// What is wrong with a graph that reads well.
  enum Fault: String, CaseIterable, Sendable {
    case hugeWidth = "8589934592 values"
    case batchThatIsNoSymbol = "batch axis"
    case freeSymbol = "'m'"
    case random = "random_uniform"
    case update = "sgd_update"
  }

  @Test("are refused before names or memory are made for them", arguments: Fault.allCases)
  func refused(fault: Fault) throws {
    let batch = Dim.symbol("n")
    let axis = fault == .batchThatIsNoSymbol ? batch * 2 : batch
    let x = try Tensor.input("x", shape: [axis, 3])
    var extra: [Graph.Output] = []
    var probabilities = x
    switch fault {
    case .hugeWidth:
      probabilities = try x.mean(axes: [1], keepingAxes: true).expanded(to: [batch, Dim(1 << 33)])
    case .batchThatIsNoSymbol: break
    case .freeSymbol:
      let free = try Tensor.constant(1).expanded(to: [.symbol("m")])
      extra = [Graph.Output("free", free)]
    case .random: probabilities = try x + Tensor.uniform(shape: [batch, 3], stream: 0)
    case .update:
      let one = try Tensor.constant(HostTensor([Float(1)]))
      extra = [Graph.Output("next", try Node(SGDUpdate(), [one, one]).output())]
    }
    let graph = try Graph(outputs: [.init("probabilities", probabilities), .init("x", x)] + extra)
    let file = ModelFile(graph: try graph.encodedJSON(names: [:]), task: .classify, weights: [])
    let error = #expect(throws: InferenceError.self) { try ModelContent(file, name: "m") }
    let text = "\(try #require(error))"
    #expect(text.hasPrefix("m: ") && text.contains(fault.rawValue), "\(text)")
  }
}
