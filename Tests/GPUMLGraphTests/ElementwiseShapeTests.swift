import GPUMLGraph
import Testing

private let n = Dim.symbol("n")
private let f = TensorType([n, 1], .float32)
private let g = TensorType([3], .float32)
private let half = TensorType([], .float16)
private let i = TensorType([2], .int32)
private let flag = TensorType([2], .bool)

/// What elementwise functions, arithmetic and logic take and refuse.
func elementwiseShapeCases() throws -> [ShapeCase] {
  let functions: [any Primitive] = [
    ExponentialMinusOne(), LogarithmOnePlus(), Reciprocal(), ReciprocalSquareRoot(), Sine(),
    Cosine(), Tangent(), ArcSine(), ArcCosine(), ArcTangent(), HyperbolicSine(),
    HyperbolicCosine(), Floor(), Ceiling(), Round(),
  ]
  var cases = functions.flatMap { primitive in
    [
      ShapeCase(primitive, [f], [f]), ShapeCase(primitive, [half], [half]),
      ShapeCase(primitive, [i], nil), ShapeCase(primitive, [flag], nil),
      ShapeCase(primitive, [], nil), ShapeCase(primitive, [f, f], nil),
    ]
  }
  for primitive in [Negate(), AbsoluteValue(), Sign(), try Clamp(low: -1, high: 2)]
    as [any Primitive]
  {
    cases += [
      ShapeCase(primitive, [f], [f]), ShapeCase(primitive, [i], [i]),
      ShapeCase(primitive, [flag], nil), ShapeCase(primitive, [f, f], nil),
    ]
  }
  for primitive in [IsNaN(), IsInfinite(), IsFinite()] as [any Primitive] {
    cases += [
      ShapeCase(primitive, [f], [TensorType([n, 1], .bool)]), ShapeCase(primitive, [i], nil),
      ShapeCase(primitive, [], nil),
    ]
  }
  for primitive in [Minimum(), FloorDivide(), Remainder(), Power()] as [any Primitive] {
    cases += [
      ShapeCase(primitive, [f, g], [TensorType([n, 3], .float32)]),
      ShapeCase(primitive, [i, i], [i]), ShapeCase(primitive, [i, g], nil),
      ShapeCase(primitive, [flag, flag], nil), ShapeCase(primitive, [f], nil),
    ]
  }
  for primitive in [BitwiseAnd(), BitwiseOr(), BitwiseXor()] as [any Primitive] {
    cases += [
      ShapeCase(primitive, [i, i], [i]), ShapeCase(primitive, [flag, flag], [flag]),
      ShapeCase(primitive, [flag, i], nil), ShapeCase(primitive, [f, f], nil),
    ]
  }
  for primitive in [ShiftLeft(), ShiftRight()] as [any Primitive] {
    cases += [
      ShapeCase(primitive, [i, i], [i]), ShapeCase(primitive, [flag, flag], nil),
      ShapeCase(primitive, [f, f], nil),
    ]
  }
  let words = TensorType([2], .uint32)
  return cases + [
    ShapeCase(ArcTangent2(), [g, half], nil), ShapeCase(ArcTangent2(), [i, i], nil),
    ShapeCase(ArcTangent2(), [g, g], [g]),
    ShapeCase(NotEqual(), [flag, flag], [flag]), ShapeCase(NotEqual(), [i, flag], nil),
    ShapeCase(EqualTo(), [flag, flag], [flag]),
    ShapeCase(BitwiseNot(), [flag], [flag]), ShapeCase(BitwiseNot(), [f], nil),
    ShapeCase(try Clamp(low: 0.5, high: 2), [i], nil),
    ShapeCase(try Clamp(low: -1, high: .infinity), [words], nil),
    ShapeCase(try Clamp(low: -.infinity, high: 1e10), [words], nil),
    ShapeCase(try Clamp(low: 0, high: .infinity), [words], [words]),
  ]
}

@Suite("Elementwise operations")
struct ElementwiseShapeTests {
  @Test("bounds that no number lies between are errors, also in a saved graph")
  func clampBounds() throws {
    for (low, high) in [
      (1.0, 0.0), (.nan, 1), (0, .nan), (.infinity, .infinity), (-.infinity, -.infinity),
    ] {
      #expect(throws: GraphError.self) { try Clamp(low: low, high: high) }
      let attributes = Attributes(["low": .double(low), "high": .double(high)])
      #expect(throws: GraphError.self) { try Clamp(attributes) }
    }
    #expect(throws: GraphError.self) { try Clamp(Attributes(["low": .double(0)])) }
    let kept = try Clamp(Attributes(["low": .int(0), "high": .double(.infinity)]))
    #expect(kept.low == 0 && kept.high == .infinity)
  }

  @Test("a condition that is no truth value is an error")
  func condition() throws {
    let x = try Tensor.input("x", shape: [2])
    #expect(throws: GraphError.self) { try Tensor.where(x, x, 0) }
  }

  @Test("where no gradient exists, the operation is named")
  func notDifferentiable() throws {
    let x = try Tensor.input("x", shape: [2])
    let count = try x.isNaN().cast(to: .float32).sum()
    // Truth values end the way back: the gradient is zero, as it is for steps.
    #expect(try gradients(of: count, withRespectTo: [x])[0].shape == [2])
    #expect(try gradients(of: x.floor().sum(), withRespectTo: [x])[0].shape == [2])
  }
}
