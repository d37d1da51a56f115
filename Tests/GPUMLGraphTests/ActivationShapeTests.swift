import GPUMLGraph
import Testing

private let n = Dim.symbol("n")
private func f(_ shape: Dim...) -> TensorType { TensorType(shape, .float32) }
private func half(_ shape: Dim...) -> TensorType { TensorType(shape, .float16) }
private func i(_ shape: Dim...) -> TensorType { TensorType(shape, .int32) }

private func activations() throws -> [any Primitive] {
  [
    ReLU6(), try LeakyReLU(slope: 0.1), try ELU(alpha: 2), try CELU(alpha: 3), SELU(), SiLU(),
    Mish(),
    try Softplus(beta: 2), Softsign(), try HardSigmoid(slope: 0.25, offset: 0.5), HardSwish(),
  ]
}

/// Cases of the shape rules of activations.
func activationShapeCases() throws -> [ShapeCase] {
  let unary = try activations().flatMap { primitive in
    [
      ShapeCase(primitive, [f(n, 0, 3)], [f(n, 0, 3)]), ShapeCase(primitive, [half()], [half()]),
      ShapeCase(primitive, [i(2)], nil), ShapeCase(primitive, [], nil),
      ShapeCase(primitive, [f(2), f(2)], nil),
    ]
  }
  return unary + [
    ShapeCase(PReLU(), [f(n, 3), f(3)], [f(n, 3)]), ShapeCase(PReLU(), [f(n, 3), f()], [f(n, 3)]),
    ShapeCase(PReLU(), [f(3), f(n, 3)], nil), ShapeCase(PReLU(), [f(3), f(2)], nil),
    ShapeCase(PReLU(), [f(3), half(3)], nil), ShapeCase(PReLU(), [i(3), i(3)], nil),
    ShapeCase(PReLU(), [f(3)], nil),
  ]
}

@Suite("Activations")
struct ActivationShapeTests {
  @Test("numbers out of range are errors that name the activation")
  func numbers() throws {
    let x = try Tensor.input("x", shape: [2])
    for number in [Double.nan, .infinity, 1e300] {
      #expect(throws: GraphError.self) { try x.leakyReLU(slope: number) }
      #expect(throws: GraphError.self) { try x.elu(alpha: number) }
      #expect(throws: GraphError.self) { try x.hardSigmoid(offset: number) }
    }
    for number in [Double.nan, .infinity, 0, -1, 1e-300] {
      #expect(throws: GraphError.self) { try x.celu(alpha: number) }
      #expect(throws: GraphError.self) { try x.softplus(beta: number) }
      #expect(throws: GraphError.self) { try x.hardSigmoid(slope: number) }
    }
    #expect {
      try x.softplus(beta: 0)
    } throws: {
      "\($0)" == "softplus: beta must be positive and finite in float32, not 0.0"
    }
  }

  @Test("attributes of a saved graph are checked alike")
  func saved() {
    let wrong: [(String, [String: Attributes.Value])] = [
      ("leaky_relu", ["slope": .double(.nan)]), ("elu", ["alpha": .double(.infinity)]),
      ("celu", ["alpha": .double(0)]), ("softplus", ["beta": .double(-1)]),
      ("hard_sigmoid", ["slope": .double(0.2), "offset": .double(.nan)]),
      ("hard_sigmoid", ["slope": .double(0.2)]),
    ]
    for (name, values) in wrong {
      #expect(throws: GraphError.self, "\(name)") {
        try PrimitiveRegistry.primitive(named: name, Attributes(values))
      }
    }
  }

  @Test("a slope for each channel goes to the channels' axis")
  func channels() throws {
    let x = try Tensor.input("x", shape: [n, 3, 5, 5])
    let slope = try Tensor.input("slope", shape: [3])
    #expect(try x.prelu(slope: slope).shape == x.shape)
    #expect(try x.prelu(slope: .input("one", shape: [1])).shape == x.shape)
    #expect(try x.prelu(slope: .input("whole", shape: [3, 5, 1])).shape == x.shape)
    let last = try Tensor.input("last", shape: [2, 4, 3])
    #expect(try last.prelu(slope: slope, axis: -1).shape == last.shape)
    #expect(try Tensor.input("v", shape: [3]).prelu(slope: slope).shape == [3])
    #expect(throws: GraphError.self) { try last.prelu(slope: slope) }
    for axis in [4, -5, Int.max, .min] {
      #expect(throws: GraphError.self) { try x.prelu(slope: slope, axis: axis) }
    }
    #expect(throws: GraphError.self) { try x.prelu(slope: slope.cast(to: .float16)) }
  }

  @Test("activations of whole numbers are errors")
  func types() throws {
    let x = try Tensor.input("x", shape: [2], dtype: .int32)
    #expect(throws: GraphError.self) { try x.selu() }
    #expect(throws: GraphError.self) { try x.logSigmoid() }
    #expect(throws: GraphError.self) { try x.relu6() }
  }
}
