import GPUMLGraph
import GPUMLReference
import TestSupport
import Testing

@testable import GPUMLNN

@Suite("Lists of layers") struct LayerListTests {
  private func list(_ text: String) throws -> LayerList {
    try LayerList(yaml: text, path: "net.yaml")
  }

  @Test("a file is built layer by layer, the sizes of inputs found on the way")
  func build() throws {
    let layers = try list(
      """
      # a remark
      layers:
        - flatten
        - linear: 12
        - batch-norm: {momentum: 0.2}
        - relu
        - dropout: 0.5
        - linear: {outputs: 6, bias: false}
        - layer-norm
        - leaky-relu: {slope: 0.2}
        - rms-norm:
            epsilon: 1e-3
        - linear
      """)
    let model = try layers.build(featureShape: [2, 5], outputs: 3)
    #expect(
      model.layers.map(\.kind) == [
        "Flatten", "Linear", "BatchNorm", "ReLU", "Dropout", "Linear", "LayerNorm", "LeakyReLU",
        "RMSNorm", "Linear",
      ])
    #expect(
      model.namedVariables().map { "\($0.name) \($0.variable.shape)" } == [
        "layers.1.weight [12, 10]", "layers.1.bias [12]", "layers.2.weight [12]",
        "layers.2.bias [12]", "layers.2.running_mean [12]", "layers.2.running_variance [12]",
        "layers.5.weight [6, 12]", "layers.6.weight [6]", "layers.6.bias [6]",
        "layers.8.weight [6]", "layers.9.weight [3, 6]", "layers.9.bias [3]",
      ])
    let x = try Tensor.input("x", shape: [.symbol("batch"), 2, 5])
    #expect(try model(x, in: ForwardContext(.inference)).shape == [.symbol("batch"), 3])
  }

  @Test("every kind of layer can be named, built and told again", arguments: LayerDefinition.names)
  func kinds(name: String) throws {
    let definition = LayerDefinition(name, name == "dropout" ? ["rate": "0.25"] : [:])
    let module = try definition.build(taking: [3, 4], outputs: 5)
    let told = try #require(module.definition)
    #expect(told.name == name)
    let again = try told.build(taking: [3, 4], outputs: 7)
    #expect(again.definition == told)
    let x = try Tensor.input("x", shape: [.symbol("batch"), 3, 4])
    let context = ForwardContext(.training)
    let y = try module(x, in: context)
    #expect(try again(x, in: ForwardContext(.training)).shape == y.shape)
    #expect(context.updates.isEmpty == (name != "batch-norm"))
  }

  @Test("what a network is described as builds the same network, as YAML and as JSON")
  func description() throws {
    let layers = try list("layers: [flatten, {linear: 8}, {dropout: 0.1}, {elu: 0.5}, linear]")
    let model = try layers.build(featureShape: [2, 2], outputs: 3)
    let told = try #require(LayerList(describing: model))
    #expect(try list(told.yaml) == told)
    #expect(try list("{\"layers\":\(told.json)}") == told)
    #expect(told.layers.last?.settings["outputs"] == "3")
    let other = try told.withOpenHead.build(featureShape: [2, 2], outputs: 9)
    #expect(other.namedVariables().last?.variable.shape == [9])
    #expect(
      try told.build(featureShape: [2, 2], outputs: 9).namedVariables().last?.variable.shape == [3])
  }

  @Test("a network of other modules is not described")
  func otherModules() throws {
    let own = Activation("mine") { try $0.relu() }
    #expect(LayerList(describing: Sequential([own])) == nil)
    #expect(LayerList(describing: Sequential([Sequential([Activation.relu])])) == nil)
    #expect(LayerList(describing: Activation.relu) == nil)
  }

  @Test(
    "an error names the file, the line and the nearest name",
    arguments: [
      ("layers:\n  - linaer: 3\n", 2, "did you mean 'linear'?"),
      ("layers:\n  - relu\n  - linear: {output: 3}\n", 3, "did you mean 'outputs'?"),
      ("layers:\n  - linear:\n      bias: false\n      outputz: 3\n", 4, "did you mean 'outputs'?"),
      ("layer:\n  - relu\n", 1, "did you mean 'layers'?"),
      ("layers: relu\n", 1, "is not a list"),
      ("layers:\n  - relu: 3\n", 2, "relu has no settings"),
      ("layers:\n  - {relu: , gelu: }\n", 2, "one name"),
      ("layers:\n  - [relu]\n", 2, "a layer is a name"),
      ("layers:\n  - linear: [3]\n", 2, "a list is no setting"),
      ("layers:\n  - linear: {outputs: [3]}\n", 2, "neither a number nor a word"),
      ("layers:\n  - relu\n  - relu\nlayers: []\n", 1, "twice"),
      ("layers:\n  - \"\n", 3, "end of stream"),
    ])
  func texts(text: String, line: Int, reason: String) throws {
    let error = #expect(throws: NNError.self) { try list(text) }
    let told = String(describing: try #require(error))
    #expect(told.hasPrefix("net.yaml:\(line): ") && told.contains(reason), "\(told)")
    #expect(!told.contains("\n"))
  }

  @Test(
    "a layer that cannot be built names the file and the line",
    arguments: [
      ("layers:\n  - linear: 0\n", 2, "at least 1"),
      ("layers:\n  - relu\n  - linear: 99999999999999999999\n", 3, "whole number"),
      ("layers:\n  - linear: 500000000\n  - linear: 500000000\n", 3, "elements"),
      ("layers:\n  - dropout\n", 2, "rate is missing"), ("layers:\n  - dropout: 1\n", 2, "0..<1"),
      ("layers:\n  - dropout: nan\n", 2, "a number"),
      ("layers:\n  - linear: {bias: perhaps}\n", 2, "true or false"),
      ("layers:\n  - layer-norm: 0\n", 2, "epsilon"),
      ("layers:\n  - batch-norm: 2\n", 2, "momentum"),
      ("layers:\n  - flatten: -1\n", 2, "negative"), ("layers:\n  - flatten: 7\n", 2, "flatten"),
    ])
  func building(text: String, line: Int, reason: String) throws {
    let layers = try list(text)
    let error = #expect(throws: NNError.self) {
      try layers.build(featureShape: [4], outputs: 2)
    }
    let told = String(describing: try #require(error))
    #expect(told.hasPrefix("net.yaml:\(line): ") && told.contains(reason), "\(told)")
  }

  @Test("no layers, and too many, are refused", arguments: ["", "layers: []\n", "layers:\n"])
  func empty(text: String) throws {
    #expect(throws: NNError.self) {
      try list(text).build(featureShape: [4], outputs: 2)
    }
  }

  @Test("more layers than anyone writes are refused")
  func tooMany() {
    let text = "layers: [" + String(repeating: "relu,", count: 1001) + "]"
    #expect(throws: NNError.self) { try list(text) }
  }

  @Test("a definition is a preset or a file")
  func definition() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("net.yml", Array("layers: [linear]".utf8))
    let file = try ModelDefinition(parsing: path)
    #expect(file.description == path)
    #expect(file.identity == (try ModelDefinition(parsing: path)).identity)
    #expect(try file.build(featureShape: [4], outputs: 2).layers.count == 1)
    #expect(try ModelDefinition(parsing: "mlp:3") == .preset(ModelPreset(parsing: "mlp:3")))
    #expect(throws: (any Error).self) { try ModelDefinition(parsing: "missing.yaml") }
  }
}
