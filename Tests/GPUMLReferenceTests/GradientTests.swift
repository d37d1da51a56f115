import GPUMLGraph
import GPUMLReference
import Testing

/// A primitive and operands for which its gradient is checked.
private struct Case {
  let primitive: any Primitive
  let operands: [ReferenceTensor]
}

/// Constants of gradients are float32: 6e-8 of each term, and central differences add 1e-9.
private let tolerance = 1e-6

/// Cases for every differentiable primitive, by name.
private let makers: [String: @Sendable (inout Philox) throws -> Case] = {
  var makers: [String: @Sendable (inout Philox) throws -> Case] = [:]
  let unary: [any Primitive] = [
    Exponential(), ErrorFunction(), ReLU(), HyperbolicTangent(), Sigmoid(), Cast(to: .float16),
  ]
  for primitive in unary {
    makers[primitive.name] = {
      Case(primitive: primitive, operands: [random(randomShape(&$0), &$0)])
    }
  }
  for primitive in [Logarithm(), SquareRoot()] as [any Primitive] {
    makers[primitive.name] = {
      Case(primitive: primitive, operands: [random(randomShape(&$0), &$0, low: 0.5)])
    }
  }
  makers["gelu"] = {
    Case(
      primitive: GELU(approximate: Bool.random(using: &$0)),
      operands: [random(randomShape(&$0), &$0)])
  }
  for primitive in [Add(), Subtract(), Multiply(), Divide(), Maximum()] as [any Primitive] {
    makers[primitive.name] = {
      let (left, right) = broadcastPair(&$0)
      return Case(
        primitive: primitive, operands: [random(left, &$0), random(right, &$0, low: 0.5)])
    }
  }
  makers["select"] = {
    let (left, right) = broadcastPair(&$0)
    let values = random(right, &$0).values.map { $0 < 0 ? 1.0 : 0 }
    return Case(
      primitive: Select(),
      operands: [
        ReferenceTensor(shape: right, dtype: .bool, values: values), random(left, &$0),
        random(right, &$0),
      ])
  }
  makers["sum"] = { try reduction(ReduceSum.self, &$0) }
  makers["mean"] = { try reduction(ReduceMean.self, &$0) }
  makers["reduce_max"] = { try reduction(ReduceMax.self, &$0) }
  makers["reshape"] = {
    let shape = randomShape(&$0)
    let flat = [Dim](shape.reversed()) + [1]
    return Case(primitive: Reshape(to: flat), operands: [random(shape, &$0)])
  }
  makers["transpose"] = {
    let shape = randomShape(&$0)
    let order = shape.indices.shuffled(using: &$0)
    return Case(primitive: Transpose(order), operands: [random(shape, &$0)])
  }
  makers["expand"] = {
    let target = randomShape(&$0)
    let kept = Int.random(in: 0...target.count, using: &$0)
    var generator = $0
    let source = target.suffix(kept).map { Bool.random(using: &generator) ? 1 : $0 }
    $0 = generator
    return Case(primitive: Expand(to: [Dim](target)), operands: [random(source, &$0)])
  }
  makers["matmul"] = {
    let sizes = randomShape(&$0, ranks: 3...3)
    let (left, right) = (Bool.random(using: &$0), Bool.random(using: &$0))
    return Case(
      primitive: MatMul(transposesLeft: left, transposesRight: right),
      operands: [
        random(left ? [sizes[1], sizes[0]] : [sizes[0], sizes[1]], &$0),
        random(right ? [sizes[2], sizes[1]] : [sizes[1], sizes[2]], &$0),
      ])
  }
  makers["softmax"] = {
    Case(primitive: Softmax(), operands: [random(randomShape(&$0, ranks: 1...4), &$0)])
  }
  makers["softmax_cross_entropy"] = {
    let rows = randomShape(&$0, ranks: 1...1)[0]
    let classes = Int.random(in: 1...9, using: &$0)
    var generator = $0
    let labels = (0..<rows).map { _ in Double(Int.random(in: 0..<classes, using: &generator)) }
    $0 = generator
    return Case(
      primitive: SoftmaxCrossEntropy(),
      operands: [
        random([rows, classes], &$0),
        ReferenceTensor(shape: [rows], dtype: .int32, values: labels),
      ])
  }
  return makers
}()

private func reduction<Reduction: ReductionPrimitive>(
  _ type: Reduction.Type, _ generator: inout Philox
) throws -> Case {
  var shape = randomShape(&generator)
  let axes = shape.indices.filter { _ in Bool.random(using: &generator) }
  if type == ReduceMean.self {
    // The mean of no elements is NaN and has no finite difference.
    for axis in axes where shape[axis] == 0 { shape[axis] = 1 }
  }
  return Case(primitive: Reduction(axes: axes), operands: [random(shape, &generator)])
}

/// Two shapes that broadcast, either of them stretched on some axes.
private func broadcastPair(_ generator: inout Philox) -> ([Int], [Int]) {
  let full = randomShape(&generator)
  func thinned() -> [Int] {
    let kept = Int.random(in: 0...full.count, using: &generator)
    return full.suffix(kept).map { Int.random(in: 0...2, using: &generator) == 0 ? 1 : $0 }
  }
  return (thinned(), thinned())
}

@Suite("Gradients")
struct GradientTests {
  private static let differentiable = PrimitiveRegistry.all
    .filter { $0.differentiability == .differentiable }.map { $0.name }

  @Test("every differentiable primitive has a gradient check, and no other has")
  func complete() {
    #expect(Set(makers.keys) == Set(Self.differentiable))
  }

  @Test("gradient matches central differences", arguments: differentiable)
  func matches(name: String) throws {
    let maker = try #require(makers[name])
    var checked = 0
    for seed in 0..<24 as Range<UInt64> {
      var generator = Philox(seed: seed, stream: StableHash.fnv1a(name))
      let item = try maker(&generator)
      let deviation = try GradientCheck.deviation(item.primitive, item.operands, &generator)
      let shapes = item.operands.map(\.shape)
      #expect(deviation <= tolerance, "seed \(seed), \(item.primitive.attributes) of \(shapes)")
      checked += item.operands.map(\.values.count).reduce(0, +)
    }
    #expect(checked > 20, "the shapes must not all be empty")
  }

  @Test("a wrong gradient is caught by the same check")
  func negativeControl() throws {
    var generator = Philox(seed: 1)
    let x = random([2, 3], &generator, low: 1)
    #expect(try GradientCheck.deviation(Square(factor: 2), [x], &generator) <= tolerance)
    #expect(try GradientCheck.deviation(Square(factor: 2.001), [x], &generator) > tolerance)
  }

  @Test("a primitive without a gradient on the way is named")
  func notDifferentiable() throws {
    let logits = try Tensor.input("x", shape: [2, 3])
    let labels = try Tensor.input("labels", shape: [2], dtype: .int32)
    let inner = try logits.softmaxCrossEntropy(labels: labels).sum()
    let first = try gradients(of: inner, withRespectTo: [logits])[0]
    #expect {
      try gradients(of: first.sum(), withRespectTo: [logits])
    } throws: {
      guard case GraphError.notDifferentiable(let operation, _) = $0 else { return false }
      return operation == "softmax_cross_entropy_gradient"
    }
  }
}

/// x², whose gradient is wrong unless the factor is 2: the negative control.
private struct Square: UnaryPrimitive, ReferenceUnary {
  static let name = "test_square"
  static let differentiability = Differentiability.differentiable
  var factor = 2.0
  init() {}
  init(factor: Double) { self.factor = factor }
  func real(_ x: Double) -> Double { x * x }
  func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    [try step.gradient.map { try $0 * step.inputs[0] * factor }]
  }
}
