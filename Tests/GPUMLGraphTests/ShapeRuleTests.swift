import GPUMLGraph
import Testing

private let n = Dim.symbol("n")

/// A primitive, operand types, and the types it gives; nil where it must refuse.
struct ShapeCase: Sendable, CustomTestStringConvertible {
  let primitive: any Primitive
  let inputs: [TensorType]
  let outputs: [TensorType]?
  var testDescription: String {
    "\(primitive.name) of \(inputs.map { "\($0.dtype) \($0.shape.text)" })"
  }

  init(_ primitive: any Primitive, _ inputs: [TensorType], _ outputs: [TensorType]?) {
    self.primitive = primitive
    self.inputs = inputs
    self.outputs = outputs
  }
}

private func f(_ shape: Dim...) -> TensorType { TensorType(shape, .float32) }
private func i(_ shape: Dim...) -> TensorType { TensorType(shape, .int32) }
private func flag(_ shape: Dim...) -> TensorType { TensorType(shape, .bool) }
private func half(_ shape: Dim...) -> TensorType { TensorType(shape, .float16) }

private func cases() throws -> [ShapeCase] {
  var cases: [ShapeCase] = []
  let unary: [any Primitive] = [
    Exponential(), Logarithm(), SquareRoot(), ErrorFunction(), ReLU(), GELU(approximate: true),
    HyperbolicTangent(), Sigmoid(),
  ]
  for primitive in unary {
    cases += [
      ShapeCase(primitive, [f(n, 0, 3)], [f(n, 0, 3)]), ShapeCase(primitive, [half()], [half()]),
      ShapeCase(primitive, [i(2)], nil), ShapeCase(primitive, [flag(2)], nil),
      ShapeCase(primitive, [], nil), ShapeCase(primitive, [f(2), f(2)], nil),
    ]
  }
  for primitive in [Add(), Subtract(), Multiply(), Divide(), Maximum()] as [any Primitive] {
    cases += [
      ShapeCase(primitive, [f(n, 1), f(3)], [f(n, 3)]), ShapeCase(primitive, [i(2), i()], [i(2)]),
      ShapeCase(primitive, [f(2), f(3)], nil), ShapeCase(primitive, [f(2), i(2)], nil),
      ShapeCase(primitive, [flag(2), flag(2)], nil), ShapeCase(primitive, [f(2)], nil),
    ]
  }
  for primitive in [LessThan(), LessOrEqual(), EqualTo()] as [any Primitive] {
    cases += [
      ShapeCase(primitive, [i(n, 1), i(3)], [flag(n, 3)]),
      ShapeCase(primitive, [f(n), f(2)], nil), ShapeCase(primitive, [f(2), half(2)], nil),
    ]
  }
  cases += reductionCases()
  cases += [
    ShapeCase(Select(), [flag(3, 1), f(4), f(1, 1)], [f(3, 4)]),
    ShapeCase(Select(), [flag(), i(2), i(2)], [i(2)]),
    ShapeCase(Select(), [f(2), f(2), f(2)], nil), ShapeCase(Select(), [flag(2), f(2), i(2)], nil),
    ShapeCase(Select(), [flag(2), f(3), f(3)], nil), ShapeCase(Select(), [flag(2), f(2)], nil),
    ShapeCase(Cast(to: .bool), [f(n)], [flag(n)]), ShapeCase(Cast(to: .bool), [], nil),
    ShapeCase(Reshape(to: [n * 2, 3]), [f(n, 6)], [f(n * 2, 3)]),
    ShapeCase(Reshape(to: [0]), [f(0, 9)], [f(0)]), ShapeCase(Reshape(to: []), [f(1)], [f()]),
    ShapeCase(Reshape(to: [n, 5]), [f(n, 6)], nil), ShapeCase(Reshape(to: [6]), [f(n)], nil),
    ShapeCase(Transpose([1, 0]), [f(n, 2)], [f(2, n)]), ShapeCase(Transpose([]), [f()], [f()]),
    ShapeCase(Transpose([0, 0]), [f(2, 2)], nil), ShapeCase(Transpose([0]), [f(2, 2)], nil),
    ShapeCase(Transpose([0, 2]), [f(2, 2)], nil),
    ShapeCase(Expand(to: [n, 3]), [f(1, 3)], [f(n, 3)]),
    ShapeCase(Expand(to: [n]), [f(2)], nil), ShapeCase(Expand(to: []), [f(1)], nil),
  ]
  cases += layoutShapeCases
  cases += [
    ShapeCase(MatMul(), [f(n, 3), f(3, 4)], [f(n, 4)]),
    ShapeCase(MatMul(transposesLeft: true, transposesRight: true), [f(3, n), f(4, 3)], [f(n, 4)]),
    ShapeCase(MatMul(), [f(n, 3), f(4, 3)], nil), ShapeCase(MatMul(), [f(3), f(3, 4)], nil),
    ShapeCase(MatMul(), [f(2, 3), half(3, 4)], nil),
    ShapeCase(MatMul(), [flag(2, 3), flag(3, 4)], nil),
    ShapeCase(Softmax(), [f(n, 3)], [f(n, 3)]), ShapeCase(Softmax(), [f()], nil),
    ShapeCase(Softmax(), [i(3)], nil),
    ShapeCase(SoftmaxCrossEntropy(), [f(n, 3), i(n)], [f(n)]),
    ShapeCase(SoftmaxCrossEntropy(), [f(n, 3), f(n)], nil),
    ShapeCase(SoftmaxCrossEntropy(), [f(n, 3), i(3)], nil),
    ShapeCase(SoftmaxCrossEntropy(), [f(n), i(n)], nil),
    ShapeCase(SoftmaxCrossEntropy(), [f(), i()], nil),
    ShapeCase(SoftmaxCrossEntropyGradient(), [f(n, 3), i(n), f(n)], [f(n, 3)]),
    ShapeCase(SoftmaxCrossEntropyGradient(), [f(n, 3), i(n), f(3)], nil),
    ShapeCase(SoftmaxCrossEntropyGradient(), [f(), i(), f()], nil),
    ShapeCase(RandomUniform(shape: [n], stream: 0), [], [f(n)]),
    ShapeCase(RandomUniform(shape: [n], stream: -1), [], nil),
    ShapeCase(RandomNormal(shape: [n], stream: 1), [], [f(n)]),
    ShapeCase(RandomNormal(shape: [n], stream: 1 << 31), [], nil),
    ShapeCase(SizeOf([n], dtype: .int32), [], [i()]),
    ShapeCase(SizeOf([n], dtype: .int32), [f()], nil),
    ShapeCase(Constant(HostTensor([1, 2] as [Int32])), [], [i(2)]),
    ShapeCase(Constant(HostTensor([1, 2] as [Int32])), [f()], nil),
    ShapeCase(Input(label: "x", type: f(n)), [], [f(n)]),
    ShapeCase(Input(label: "x", type: f(n)), [f()], nil),
    ShapeCase(try Variable(shape: [2]).tensor.node.primitive, [], [f(2)]),
    ShapeCase(try Variable(shape: [2]).tensor.node.primitive, [f()], nil),
    ShapeCase(
      try SGDUpdate(momentum: 0.5), [f(2), f(3), f(2), f(3), f(2), f(3)], [f(2), f(3), f(2), f(3)]),
    ShapeCase(try SGDUpdate(momentum: 0.5), [f(2), f(2)], nil),
    ShapeCase(try SGDUpdate(), [f(2), f(3), f(2), f(3)], [f(2), f(3)]),
    ShapeCase(try SGDUpdate(), [], nil), ShapeCase(try SGDUpdate(), [f(2), f(3), f(2)], nil),
    ShapeCase(try AdamUpdate(), [f(2), f(2), f(2), f(2)], [f(2), f(2), f(2)]),
    ShapeCase(try AdamUpdate(), [half(2), half(2), half(2), half(2)], nil),
  ]
  cases += try activationShapeCases() + lossShapeCases()
  cases += indexingCases()
  cases += try normalizationShapeCases() + optimizerShapeCases()
  return cases
}

/// The cases of all families, one line each.
private func allCases() throws -> [ShapeCase] {
  try cases()
    + elementwiseShapeCases()
}

@Suite("Shape rules")
struct ShapeRuleTests {
  @Test("every primitive has a case that fits and one that does not")
  func complete() throws {
    let all = try allCases()
    let names = Set(PrimitiveRegistry.names)
    #expect(Set(all.filter { $0.outputs != nil }.map(\.primitive.name)) == names)
    #expect(Set(all.filter { $0.outputs == nil }.map(\.primitive.name)) == names)
  }

  @Test("types of the outputs, or an error", arguments: (try? allCases()) ?? [])
  func rule(item: ShapeCase) throws {
    if let outputs = item.outputs {
      #expect(try item.primitive.outputTypes(item.inputs) == outputs)
    } else {
      let name = item.primitive.name
      #expect {
        try item.primitive.outputTypes(item.inputs)
      } throws: {
        $0 is GraphError && "\($0)".contains(name) && !"\($0)".contains("\n")
      }
    }
  }

  @Test("constants of optimizers out of range are errors")
  func optimizers() {
    for momentum in [-0.1, 1, .nan] {
      #expect(throws: GraphError.self) { try SGDUpdate(momentum: momentum) }
    }
    #expect(throws: GraphError.self) { try SGDUpdate(weightDecay: .infinity) }
    #expect(throws: GraphError.self) { try AdamUpdate(beta1: 1) }
    #expect(throws: GraphError.self) { try AdamUpdate(epsilon: 0) }
    #expect(throws: GraphError.self) { try AdamUpdate(weightDecay: -1) }
  }

  @Test("axes that do not exist or repeat are errors; negative ones count from the end")
  func axes() throws {
    let x = try Tensor.input("x", shape: [2, 3, 4])
    #expect(try x.sum(axes: [-1, 0]).shape == [3])
    #expect(try x.max(axes: [1], keepingAxes: true).shape == [2, 1, 4])
    #expect(try x.mean().shape == [])
    #expect(try x.argmax(axis: -2).shape == [2, 4])
    for axes in [[3], [-4], [0, 0], [0, -3], [.max], [.min]] {
      #expect(throws: GraphError.self) { try x.sum(axes: axes) }
    }
  }
}
