import GPUMLGraph
import GPUMLNN
import Testing

@Suite struct LayerTests {
  @Test(
    "a linear layer keeps the leading axes",
    arguments: [
      [Dim(6)], [.symbol("batch"), 6], [.symbol("batch"), 7, 6], [0, 6], [2, 1, 3, 6],
    ])
  func linearShapes(shape: [Dim]) throws {
    let y = try Linear(inputs: 6, outputs: 4)(
      Tensor.input("x", shape: shape), in: ForwardContext(.inference))
    #expect(y.shape == shape.dropLast() + [4])
    #expect(y.dtype == .float32)
  }

  @Test("a linear layer refuses another last axis", arguments: [[Dim(5)], [], [6, 5]])
  func linearMismatch(shape: [Dim]) throws {
    let layer = try Linear(inputs: 6, outputs: 4)
    let x = try Tensor.input("x", shape: shape)
    #expect(throws: GraphError.self) { try layer(x, in: ForwardContext(.inference)) }
  }

  @Test(
    "a linear layer refuses sizes that cannot be",
    arguments: [(0, 1), (1, 0), (-1, 4), (1 << 20, 1 << 20), (.max, .max), (.max, 2), (.min, .min)])
  func linearSizes(inputs: Int, outputs: Int) {
    #expect(throws: NNError.self) { try Linear(inputs: inputs, outputs: outputs) }
  }

  @Test("weight and bias begin uniform in ±1/√inputs")
  func initialValues() throws {
    let layer = try Linear(inputs: 100, outputs: 3)
    let bias = try #require(layer.bias)
    for variable in [layer.weight, bias] {
      guard case .uniform(let low, let high) = variable.initializer else {
        Issue.record("not uniform")
        continue
      }
      #expect(abs(low + 0.1) < 1e-6 && abs(high - 0.1) < 1e-6)
    }
    #expect(try Linear(inputs: 3, outputs: 1, initializer: .zeros).weight.initializer == .zeros)
    #expect(try Linear(inputs: 3, outputs: 1, bias: false).bias == nil)
  }

  @Test(
    "flatten joins axes", arguments: [(1, [Dim(3), 784]), (2, [3, 28, 28]), (3, [3, 28, 28, 1])])
  func flatten(axis: Int, expected: [Dim]) throws {
    let x = try Tensor.input("x", shape: [3, 28, 28])
    #expect(try Flatten(from: axis)(x, in: ForwardContext(.inference)).shape == expected)
  }

  @Test("flatten refuses an axis that does not exist")
  func flattenErrors() throws {
    let x = try Tensor.input("x", shape: [3])
    #expect(throws: NNError.self) { try Flatten(from: -1) }
    #expect(throws: GraphError.self) { try Flatten(from: 5)(x, in: ForwardContext(.inference)) }
  }

  @Test("dropout draws in training and is the identity in inference")
  func dropoutModes() throws {
    let x = try Tensor.input("x", shape: [.symbol("batch"), 4])
    let layer = try Dropout(rate: 0.5)
    #expect(try layer(x, in: ForwardContext(.inference)) == x)
    let context = ForwardContext(.training)
    let model = Sequential([layer, layer])
    let graph = try Graph(outputs: [.init("y", model(x, in: context))])
    let streams = graph.nodes.compactMap { ($0.primitive as? RandomUniform)?.stream }
    #expect(streams.sorted() == [0, 1])
  }

  @Test("dropout refuses a rate outside 0..<1", arguments: [-0.1, 1, 2, .nan, .infinity])
  func dropoutRate(rate: Double) {
    #expect(throws: NNError.self) { try Dropout(rate: rate) }
  }

  @Test("activations keep the shape and name themselves")
  func activations() throws {
    let x = try Tensor.input("x", shape: [.symbol("batch"), 4])
    let all = [
      Activation.relu, .gelu, .tanh, .sigmoid, .softmax, Activation("Double") { try $0 * 2 },
    ]
    for layer in all {
      #expect(try layer(x, in: ForwardContext(.inference)).shape == x.shape)
    }
    #expect(all.map(\.kind) == ["ReLU", "GELU", "Tanh", "Sigmoid", "Softmax", "Double"])
  }

  @Test("losses are scalars")
  func losses() throws {
    let logits = try Tensor.input("x", shape: [.symbol("batch"), 4])
    let labels = try Tensor.input("y", shape: [.symbol("batch")], dtype: .int32)
    #expect(try Loss.crossEntropy(logits, target: labels).shape.isEmpty)
    let column = try Tensor.input("x", shape: [.symbol("batch"), 1])
    let targets = try Tensor.input("y", shape: [.symbol("batch")])
    #expect(try Loss.meanSquaredError(column, target: targets).shape.isEmpty)
    #expect(try Loss.meanSquaredError(targets, target: column).shape.isEmpty)
    #expect(throws: GraphError.self) { try Loss.meanSquaredError(logits, target: targets) }
    #expect(throws: GraphError.self) { try Loss.crossEntropy(logits, target: targets) }
  }
}
