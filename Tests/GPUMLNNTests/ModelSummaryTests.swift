import GPUMLGraph
import GPUMLNN
import Testing

@Suite struct ModelSummaryTests {
  @Test("the table lists layers, shapes and parameters")
  func table() throws {
    let model = try ModelPreset.mlp.build(featureShape: [64], outputs: 10)
    #expect(
      try ModelSummary(of: model, featureShape: [64]).description == """
        layer     kind    output        parameters
        layers.0  Linear  [batch, 128]       8,320
        layers.1  ReLU    [batch, 128]           0
        layers.2  Linear  [batch, 64]        8,256
        layers.3  ReLU    [batch, 64]            0
        layers.4  Linear  [batch, 10]          650
        17,226 parameters
        """)
  }

  @Test("nested modules are listed by their innermost layers, each parameter once")
  func nested() throws {
    let shared = try Linear(inputs: 4, outputs: 4)
    let model = try Sequential {
      shared
      try Sequential {
        shared
        try Linear(inputs: 4, outputs: 2)
      }
    }
    let summary = try ModelSummary(of: model, featureShape: [4])
    #expect(summary.rows.map(\.name) == ["layers.0", "layers.1.layers.0", "layers.1.layers.1"])
    #expect(summary.rows.map(\.parameters) == [20, 0, 10])
    #expect(summary.parameters == 30)
  }

  @Test("a module that calls its parts directly is one row")
  func opaque() throws {
    struct Opaque: Module {
      let inner: Linear
      var children: [(name: String, module: any Module)] { [("inner", inner)] }
      func callAsFunction(_ x: Tensor, in context: ForwardContext) throws -> Tensor {
        try inner(x, in: context).relu()
      }
    }
    let summary = try ModelSummary(
      of: Opaque(inner: Linear(inputs: 4, outputs: 3)), featureShape: [4])
    #expect(summary.rows.map(\.kind) == ["Opaque"])
    #expect(summary.rows.map(\.parameters) == [15])
  }

  @Test("no line is longer than 80 columns")
  func width() throws {
    struct LayerWithAnUnreasonablyLongNameIndeed: Module {
      func callAsFunction(_ x: Tensor, in context: ForwardContext) throws -> Tensor {
        try x.expanded(to: x.shape)
      }
    }
    var model: any Module = LayerWithAnUnreasonablyLongNameIndeed()
    for _ in 0..<10 { model = Sequential([model]) }
    let summary = try ModelSummary(of: model, featureShape: [1000, 1000, 1000, 1000, 1000])
    let lines = summary.description.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines.contains { $0.contains("…") })
  }
}
