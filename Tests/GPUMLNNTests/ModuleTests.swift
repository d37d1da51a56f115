import GPUMLGraph
import GPUMLNN
import Testing

@Suite struct ModuleTests {
  private func twoLayers() throws -> Sequential {
    try Sequential {
      try Linear(inputs: 8, outputs: 5)
      Activation.relu
      try Linear(inputs: 5, outputs: 3, bias: false)
    }
  }

  @Test("variables are named by their path")
  func names() throws {
    #expect(
      try twoLayers().namedVariables().map(\.name) == [
        "layers.0.weight", "layers.0.bias", "layers.2.weight",
      ])
    #expect(try twoLayers().parameterCount == 8 * 5 + 5 + 5 * 3)
  }

  @Test("names continue through nested modules")
  func nestedNames() throws {
    let model = Sequential([try twoLayers(), try twoLayers()])
    #expect(model.namedVariables().last?.name == "layers.1.layers.2.weight")
    #expect(Set(model.namedVariables().map(\.name)).count == 6)
  }

  @Test("a shared layer's variables are listed once and counted once")
  func sharedLayer() throws {
    let layer = try Linear(inputs: 4, outputs: 4)
    let model = Sequential([layer, layer])
    #expect(model.namedVariables().map(\.name) == ["layers.0.weight", "layers.0.bias"])
    #expect(model.parameterCount == 20)
  }

  @Test("two variables with one name are refused")
  func duplicateNames() throws {
    struct Twins: Module {
      let left: Linear
      let right: Linear
      var children: [(name: String, module: any Module)] { [("a", left), ("a", right)] }
      func callAsFunction(_ x: Tensor, in context: ForwardContext) throws -> Tensor { x }
    }
    let twins = Twins(
      left: try Linear(inputs: 2, outputs: 2), right: try Linear(inputs: 2, outputs: 2))
    #expect(throws: NNError.duplicateName("a.weight")) { try twins.checkNames() }
    try twoLayers().checkNames()
  }

  @Test("the builder takes conditions, loops and optionals", arguments: [true, false])
  func builder(deep: Bool) throws {
    let extra: Activation? = deep ? .tanh : nil
    let model = try Sequential {
      try Linear(inputs: 4, outputs: 4)
      if deep {
        for _ in 0..<3 { Activation.gelu }
      } else {
        Activation.sigmoid
      }
      if deep { Activation.tanh }
      extra
    }
    let kinds = model.layers.map(\.kind)
    #expect(
      kinds
        == (deep
          ? ["Linear", "GELU", "GELU", "GELU", "Tanh", "Tanh"] : ["Linear", "Sigmoid"]))
  }

  @Test("an error names the layer")
  func errorNamesLayer() throws {
    let model = try Sequential {
      try Linear(inputs: 8, outputs: 5)
      try Sequential { try Linear(inputs: 4, outputs: 3) }
    }
    let x = try Tensor.input("x", shape: [.symbol("batch"), 8])
    let error = #expect(throws: NNError.self) { try model(x, in: ForwardContext(.inference)) }
    let text = String(describing: try #require(error))
    #expect(text.hasPrefix("layer layers.1.layers.0: Linear: takes a last axis of 4"))
    #expect(!text.contains("\n"))
  }

  @Test("each random draw of a graph has its own stream")
  func streams() {
    let context = ForwardContext(.training)
    #expect((0..<3).map { _ in context.nextStream() } == [0, 1, 2])
  }
}
