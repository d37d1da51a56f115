import GPUMLGraph
import Testing

private let n = Dim.symbol("n")
private func f(_ shape: Dim...) -> TensorType { TensorType(shape, .float32) }
private func half(_ shape: Dim...) -> TensorType { TensorType(shape, .float16) }
private func i(_ shape: Dim...) -> TensorType { TensorType(shape, .int32) }

/// Cases of the shape rules of softmaxes and cross-entropies.
func lossShapeCases() throws -> [ShapeCase] {
  let plain = try CrossEntropy()
  let lines = [f(n, 4, 5), i(n, 5), f(4)]
  var cases: [ShapeCase] = []
  for make in [{ Softmax(axis: $0) }, { LogSoftmax(axis: $0) }] as [(Int?) -> any Primitive] {
    cases += [
      ShapeCase(make(0), [f(n, 3)], [f(n, 3)]), ShapeCase(make(nil), [half(0)], [half(0)]),
      ShapeCase(make(2), [f(n, 3)], nil), ShapeCase(make(-1), [f(n, 3)], nil),
      ShapeCase(make(.max), [f(n, 3)], nil), ShapeCase(make(nil), [f()], nil),
      ShapeCase(make(0), [f()], nil), ShapeCase(make(nil), [i(3)], nil),
      ShapeCase(make(nil), [], nil),
    ]
  }
  return cases + [
    ShapeCase(plain, lines, [f(n, 5), f(n, 5)]),
    ShapeCase(plain, [f(n, 4), i(n), f(4)], [f(n), f(n)]),
    ShapeCase(plain, [f(n, 4), i(n)], nil), ShapeCase(plain, [f(4), i(), f(4)], nil),
    ShapeCase(plain, [f(n, 4), i(4), f(4)], nil), ShapeCase(plain, [f(n, 4), i(n), f(3)], nil),
    ShapeCase(plain, [f(n, 4), f(n), f(4)], nil), ShapeCase(plain, [f(n, 4), i(n), half(4)], nil),
    ShapeCase(plain, [i(n, 4), i(n), i(4)], nil), ShapeCase(plain, [f(), i(), f()], nil),
    ShapeCase(CrossEntropyGradient(plain), lines + [f(n, 5)], [f(n, 4, 5)]),
    ShapeCase(CrossEntropyGradient(plain), lines + [f(n)], nil),
    ShapeCase(CrossEntropyGradient(plain), lines, nil),
    ShapeCase(CrossEntropyWeightGradient(plain), lines + [f(n, 5), f(n, 5)], [f(n, 4, 5)]),
    ShapeCase(CrossEntropyWeightGradient(plain), lines + [f(n, 5), f(n, 4)], nil),
    ShapeCase(CrossEntropyWeightGradient(plain), lines + [f(n, 5), half(n, 5)], nil),
  ]
}

@Suite("Losses")
struct LossShapeTests {
  private let logits = Result { try Tensor.input("logits", shape: [n, 4]) }
  private let labels = Result { try Tensor.input("labels", shape: [n], dtype: .int32) }

  @Test("the last axis of a softmax is saved without a number, and read so")
  func savedAxis() throws {
    let x = try Tensor.input("x", shape: [2, 3])
    #expect(try x.softmax(axis: 1).node.primitive.attributes == Attributes())
    #expect(try x.softmax().node.primitive.attributes == Attributes())
    #expect(try x.softmax(axis: -2).node.primitive.attributes == Attributes(["axis": .int(0)]))
    for name in ["softmax", "log_softmax"] {
      let last = try PrimitiveRegistry.primitive(named: name, Attributes())
      #expect(try last.outputTypes([f(2, 3)]) == [f(2, 3)])
      for wrong in [Attributes.Value.string("?"), .double(1), .ints([1])] {
        #expect(throws: GraphError.self) {
          try PrimitiveRegistry.primitive(named: name, Attributes(["axis": wrong]))
        }
      }
    }
    for axis in [2, -3, Int.max, .min] {
      #expect(throws: GraphError.self) { try x.softmax(axis: axis) }
      #expect(throws: GraphError.self) { try x.logSoftmax(axis: axis) }
    }
    #expect(throws: GraphError.self) { try Tensor.input("s", shape: []).logSoftmax() }
  }

  @Test("attributes of a saved cross-entropy are checked")
  func savedCrossEntropy() {
    let names = ["cross_entropy", "cross_entropy_gradient", "cross_entropy_weight_gradient"]
    let wrong: [[String: Attributes.Value]] = [
      [:], ["label_smoothing": .double(-0.1)], ["label_smoothing": .double(.nan)],
      ["label_smoothing": .double(1.1)], ["label_smoothing": .string("?")],
      ["label_smoothing": .double(0), "ignored_label": .int(.max)],
      ["label_smoothing": .double(0), "ignored_label": .bool(true)],
    ]
    for name in names {
      for values in wrong {
        #expect(throws: GraphError.self, "\(name) \(values)") {
          try PrimitiveRegistry.primitive(named: name, Attributes(values))
        }
      }
    }
  }

  @Test("the plain cross-entropy is the fused primitive")
  func plain() throws {
    let (x, y) = (try logits.get(), try labels.get())
    let loss = try x.crossEntropy(labels: y, reduction: .none)
    #expect(loss.node.primitive is SoftmaxCrossEntropy)
    #expect(loss.shape == [n])
    #expect(try x.crossEntropy(labels: y).shape == [])
    #expect(try x.crossEntropy(labels: y, ignoring: 0).shape == [])
  }

  @Test("losses have the shape of the labels, or none")
  func crossEntropyShapes() throws {
    let image = try Tensor.input("image", shape: [n, 4, 8, 9])
    let pixels = try Tensor.input("pixels", shape: [n, 8, 9], dtype: .int64)
    #expect(try image.crossEntropy(labels: pixels, reduction: .none).shape == [n, 8, 9])
    let one = try Tensor.input("one", shape: [4])
    let scalar = try Tensor.input("scalar", shape: [], dtype: .int32)
    for reduction in LossReduction.allCases {
      #expect(try one.crossEntropy(labels: scalar, reduction: reduction).shape == [])
      #expect(try one.crossEntropy(probabilities: one, reduction: reduction).shape == [])
      let weighted = try image.crossEntropy(
        probabilities: image, weights: one, labelSmoothing: 0.5, reduction: reduction)
      #expect(weighted.shape == (reduction == .none ? [n, 8, 9] : []))
    }
  }

  @Test("operands of a cross-entropy that do not fit are errors")
  func crossEntropyErrors() throws {
    let (x, y) = (try logits.get(), try labels.get())
    let three = try Tensor.input("three", shape: [3])
    let scalar = try Tensor.input("scalar", shape: [])
    #expect(throws: GraphError.self) { try x.crossEntropy(labels: x) }
    #expect(throws: GraphError.self) { try x.crossEntropy(labels: y.cast(to: .float32)) }
    #expect(throws: GraphError.self) { try x.crossEntropy(labels: y, weights: three) }
    #expect(throws: GraphError.self) { try x.crossEntropy(labels: y, weights: y) }
    #expect(throws: GraphError.self) { try x.crossEntropy(labels: y, labelSmoothing: 1.5) }
    #expect(throws: GraphError.self) { try x.crossEntropy(labels: y, labelSmoothing: .nan) }
    #expect(throws: GraphError.self) { try x.crossEntropy(labels: y, ignoring: 1 << 40) }
    #expect(throws: GraphError.self) { try scalar.crossEntropy(labels: y) }
    #expect(throws: GraphError.self) { try x.cast(to: .int32).crossEntropy(labels: y) }
    #expect(throws: GraphError.self) { try x.crossEntropy(probabilities: three) }
    #expect(throws: GraphError.self) { try x.crossEntropy(probabilities: x, weights: three) }
    #expect(throws: GraphError.self) { try x.crossEntropy(probabilities: x, labelSmoothing: -1) }
    #expect(throws: GraphError.self) { try x.crossEntropy(probabilities: x.cast(to: .float16)) }
    #expect(throws: GraphError.self) { try scalar.crossEntropy(probabilities: scalar) }
  }

  @Test("targets of other shapes or types are errors that name the loss")
  func targets() throws {
    typealias Loss = (Tensor, Tensor) throws -> Tensor
    let losses: [(String, Loss)] = [
      ("squared_error", { try $0.squaredError(target: $1) }),
      ("squared_error", { try $0.meanSquaredError(target: $1) }),
      ("absolute_error", { try $0.absoluteError(target: $1) }),
      ("huber_loss", { try $0.huberLoss(target: $1) }),
      ("huber_loss", { try $0.smoothAbsoluteError(target: $1) }),
      ("binary_cross_entropy", { try $0.binaryCrossEntropy(target: $1) }),
      ("kl_divergence", { try $0.klDivergence(target: $1) }),
      ("hinge_loss", { try $0.hingeLoss(target: $1) }),
    ]
    let x = try Tensor.input("x", shape: [2, 3])
    for (name, loss) in losses {
      #expect(try loss(x, x).shape == [], "\(name)")
      for wrong in [
        try Tensor.input("y", shape: [3]), try Tensor.input("y", shape: [2, 3], dtype: .float16),
        try Tensor.input("y", shape: [2, 3], dtype: .int32),
      ] {
        #expect("\(name)") {
          try loss(x, wrong)
        } throws: {
          $0 is GraphError && "\($0)".hasPrefix(name)
        }
      }
      let whole = try Tensor.input("y", shape: [2], dtype: .int32)
      #expect(throws: GraphError.self, "\(name)") { try loss(whole, whole) }
    }
  }

  @Test("numbers and weights out of range are errors")
  func numbers() throws {
    let x = try Tensor.input("x", shape: [2, 3])
    let wide = try Tensor.input("wide", shape: [4, 2, 3])
    for number in [0, -1, Double.nan, .infinity] {
      #expect(throws: GraphError.self) { try x.huberLoss(target: x, delta: number) }
      #expect(throws: GraphError.self) { try x.cosineSimilarity(x, epsilon: number) }
      if number != 0 {
        #expect(throws: GraphError.self) { try x.smoothAbsoluteError(target: x, beta: number) }
      }
    }
    #expect(throws: GraphError.self) { try x.hingeLoss(target: x, margin: .nan) }
    #expect(throws: GraphError.self) { try x.binaryCrossEntropy(target: x, weights: wide) }
    #expect(throws: GraphError.self) { try x.binaryCrossEntropy(target: x, positiveWeights: wide) }
    #expect(try x.binaryCrossEntropy(target: x, reduction: .none).shape == x.shape)
  }

  @Test("the cosine drops one axis of the broadcast shape")
  func cosine() throws {
    let x = try Tensor.input("x", shape: [n, 3])
    let y = try Tensor.input("y", shape: [5, 1, 3])
    #expect(try x.cosineSimilarity(y, axis: -1).shape == [5, n])
    #expect(try x.cosineSimilarity(x).shape == [n])
    for axis in [3, -4, Int.max, .min] {
      #expect(throws: GraphError.self) { try x.cosineSimilarity(y, axis: axis) }
    }
    #expect(throws: GraphError.self) { try x.cosineSimilarity(.input("z", shape: [4])) }
    #expect(throws: GraphError.self) { try x.cosineSimilarity(x.cast(to: .float16)) }
    let whole = try x.cast(to: .int32)
    #expect(throws: GraphError.self) { try whole.cosineSimilarity(whole) }
  }
}
