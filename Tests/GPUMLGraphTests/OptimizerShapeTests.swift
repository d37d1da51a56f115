import GPUMLGraph
import Testing

private func f(_ shape: Dim...) -> TensorType { TensorType(shape, .float32) }
private func half(_ shape: Dim...) -> TensorType { TensorType(shape, .float16) }

/// What updates take and refuse.
func optimizerShapeCases() throws -> [ShapeCase] {
  [
    ShapeCase(try RMSPropUpdate(), [f(2), f(2), f(2)], [f(2), f(2)]),
    ShapeCase(try RMSPropUpdate(momentum: 0.5, isCentered: true), [f(2), f(2), f(2)], nil),
    ShapeCase(
      try RMSPropUpdate(momentum: 0.5, isCentered: true), [f(2), f(2), f(2), f(2), f(2), f()],
      [f(2), f(2), f(2), f(2)]),
    ShapeCase(try AdagradUpdate(), [f(2), f(2), f(2)], [f(2), f(2)]),
    ShapeCase(try AdagradUpdate(), [f(2), f(2)], nil),
    ShapeCase(try LionUpdate(), [f(2), f(3), f(2), f(3), f(2), f(3)], [f(2), f(3), f(2), f(3)]),
    ShapeCase(try LionUpdate(), [f(2), f(2), f(3)], nil),
    ShapeCase(try LAMBUpdate(), [f(2), f(2), f(2), f(2), f()], [f(2), f(2), f(2)]),
    ShapeCase(try LAMBUpdate(), [f(2), f(2), f(2), f(2), f(1)], nil),
    ShapeCase(try LAMBUpdate(), [f(2), f(2), f(2), f(2), half()], nil),
    ShapeCase(try LAMBUpdate(), [f()], nil),
    ShapeCase(try SGDUpdate(), [f(2), f(2), f()], [f(2)]), ShapeCase(try SGDUpdate(), [f()], nil),
    ShapeCase(try EMAUpdate(), [f(2), f(), f(2), f()], [f(2), f()]),
    ShapeCase(try EMAUpdate(), [f(2), f(2), f()], nil), ShapeCase(try EMAUpdate(), [], nil),
    ShapeCase(try EMAUpdate(), [f(2), f(3)], nil),
    ShapeCase(try EMAUpdate(), [f(2), half(2)], nil),
    ShapeCase(GradientNorm(), [f(2), f()], [f()]), ShapeCase(GradientNorm(), [], nil),
    ShapeCase(GradientNorm(), [f(2), half(2)], nil),
  ]
}

@Suite("Optimizers")
struct OptimizerShapeTests {
  @Test("constants out of range are errors")
  func constants() {
    for value in [-0.1, 1, .nan, .infinity] {
      #expect(throws: GraphError.self) { try RMSPropUpdate(alpha: value) }
      #expect(throws: GraphError.self) { try RMSPropUpdate(momentum: value) }
      #expect(throws: GraphError.self) { try LionUpdate(beta1: value) }
      #expect(throws: GraphError.self) { try LionUpdate(beta2: value) }
      #expect(throws: GraphError.self) { try LAMBUpdate(beta1: value) }
      #expect(throws: GraphError.self) { try LAMBUpdate(beta2: value) }
    }
    for value in [-0.1, .nan, .infinity] {
      #expect(throws: GraphError.self) { try RMSPropUpdate(weightDecay: value) }
      #expect(throws: GraphError.self) { try AdagradUpdate(learningRateDecay: value) }
      #expect(throws: GraphError.self) { try AdagradUpdate(weightDecay: value) }
      #expect(throws: GraphError.self) { try AdagradUpdate(initialAccumulator: value) }
      #expect(throws: GraphError.self) { try LionUpdate(weightDecay: value) }
      #expect(throws: GraphError.self) { try LAMBUpdate(weightDecay: value) }
      #expect(throws: GraphError.self) { try EMAUpdate(decay: value) }
    }
    for value in [0, .nan, .infinity] {
      #expect(throws: GraphError.self) { try RMSPropUpdate(epsilon: value) }
      #expect(throws: GraphError.self) { try AdagradUpdate(epsilon: value) }
      #expect(throws: GraphError.self) { try LAMBUpdate(epsilon: value) }
    }
    #expect(throws: GraphError.self) { try EMAUpdate(decay: 1.1) }
  }

  @Test("updates need a gradient a parameter, and keep their slots' first values")
  func updates() throws {
    let parameters = try [Variable(shape: [2]), Variable(shape: [3])]
    let gradients = parameters.map(\.tensor)
    #expect(throws: GraphError.self) {
      try SGDUpdate().updates(parameters, gradients: [gradients[0]])
    }
    #expect(throws: GraphError.self) {
      try SGDUpdate().updates(parameters, gradients: gradients + gradients)
    }
    #expect(throws: GraphError.self) {
      try SGDUpdate().updates(parameters, gradients: gradients.reversed())
    }
    #expect(throws: GraphError.self) {
      try SGDUpdate().updates(parameters, gradients: gradients, scale: gradients[0])
    }
    let updates = try AdagradUpdate(initialAccumulator: 0.5)
      .updates(parameters, gradients: gradients)
    #expect(
      updates.map(\.variable.initializer) == [.zeros, .zeros, .constant(0.5), .constant(0.5)])
    let averages = try EMAUpdate().updates(following: updates)
    #expect(averages.map(\.variable.shape) == [[2], [3]])
    #expect(averages.allSatisfy { $0.variable.role == .slot(kind: "ema") })
    #expect(try EMAUpdate().updates(following: []).isEmpty)
  }

  @Test("limits of clipping are checked")
  func clipping() throws {
    let x = try Tensor.input("x", shape: [2])
    #expect(throws: GraphError.self) { try globalNorm(of: []) }
    #expect(throws: GraphError.self) { try globalNorm(of: [x.cast(to: .float16)]) }
    let norm = try globalNorm(of: [x])
    for maximum in [0, -1, .nan, .infinity] {
      #expect(throws: GraphError.self) { try clippingScale(norm: norm, maximum: maximum) }
    }
    for limit in [-1, .nan, .infinity] {
      #expect(throws: GraphError.self) { try x.clippedByValue(limit) }
    }
    #expect(throws: GraphError.self) { try x.cast(to: .int32).clippedByValue(1) }
    #expect(
      throws: GraphError.notDifferentiable(
        operation: "gradient_norm",
        reason: "it measures gradients; compose a norm within a loss from a sum of squares")
    ) { try gradients(of: norm, withRespectTo: [x]) }
  }
}
