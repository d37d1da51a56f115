import GPUMLGraph
import Testing

private let n = Dim.symbol("n")

private func f(_ shape: Dim...) -> TensorType { TensorType(shape, .float32) }
private func half(_ shape: Dim...) -> TensorType { TensorType(shape, .float16) }
private func byte(_ shape: Dim...) -> TensorType { TensorType(shape, .int8) }
private func i(_ shape: Dim...) -> TensorType { TensorType(shape, .int32) }
private func long(_ shape: Dim...) -> TensorType { TensorType(shape, .int64) }
private func flag(_ shape: Dim...) -> TensorType { TensorType(shape, .bool) }

/// What the shape rules of reductions, scans and orders give or refuse.
func reductionCases() -> [ShapeCase] {
  var cases: [ShapeCase] = []
  let floating: [([Int]) -> any Primitive] = [
    ReduceMean.init(axes:), L1Norm.init(axes:), L2Norm.init(axes:), SumOfSquares.init(axes:),
    LogSumExp.init(axes:), { Variance(axes: $0, correction: 1) },
    StandardDeviation.init(axes:),
  ]
  let numeric: [([Int]) -> any Primitive] = [
    ReduceMax.init(axes:), ReduceMin.init(axes:), ReduceProduct.init(axes:),
  ]
  for make in floating + numeric + [ReduceSum.init(axes:)] {
    cases += [
      ShapeCase(make([0, 2]), [f(n, 3, 4)], [f(3)]), ShapeCase(make([]), [half(n)], [half(n)]),
      ShapeCase(make([1]), [f(n)], nil), ShapeCase(make([-1]), [f(n)], nil),
      ShapeCase(make([1, 0]), [f(2, 2)], nil), ShapeCase(make([0, 0]), [f(2, 2)], nil),
      ShapeCase(make([.max]), [f(2)], nil), ShapeCase(make([0]), [], nil),
    ]
  }
  for make in floating { cases.append(ShapeCase(make([0]), [i(2)], nil)) }
  for make in floating + numeric { cases.append(ShapeCase(make([0]), [flag(2)], nil)) }
  for make in [ReduceAny.init(axes:), ReduceAll.init(axes:)] as [([Int]) -> any Primitive] {
    cases += [
      ShapeCase(make([1]), [flag(n, 3)], [flag(n)]), ShapeCase(make([0]), [i(2)], [flag()]),
      ShapeCase(make([1]), [flag(2)], nil),
    ]
  }
  cases += [
    ShapeCase(ReduceSum(axes: [0]), [byte(n)], [long()]),
    ShapeCase(ReduceSum(axes: [0]), [flag(n)], [long()]),
    ShapeCase(ReduceProduct(axes: [0]), [i(n)], [long()]),
    ShapeCase(ReduceMax(axes: [0]), [byte(n)], [byte()]),
    ShapeCase(ReduceMin(axes: [0]), [i(n)], [i()]),
    ShapeCase(Variance(axes: [0], correction: -1), [f(n)], nil),
    ShapeCase(StandardDeviation(axes: [0], correction: 2), [f(n)], nil),
  ]
  for make in [ArgMax.init(axis:), ArgMin.init(axis:)] as [(Int) -> any Primitive] {
    cases += [
      ShapeCase(make(1), [f(n, 3)], [i(n)]), ShapeCase(make(0), [byte(3)], [i()]),
      ShapeCase(make(2), [f(n, 3)], nil), ShapeCase(make(-1), [f(n, 3)], nil),
      ShapeCase(make(0), [f(0, 3)], nil), ShapeCase(make(0), [flag(3)], nil),
    ]
  }
  return cases + scanCases() + orderCases()
}

private func scanCases() -> [ShapeCase] {
  let sum = CumulativeSum(axis: 1, exclusive: false, reversed: false)
  let product = CumulativeProduct(axis: 1, exclusive: true, reversed: true)
  let states = LinearRecurrence(axis: 1, form: .inclusive, reversed: false)
  return [
    ShapeCase(sum, [f(n, 3)], [f(n, 3)]), ShapeCase(sum, [flag(n, 0)], [long(n, 0)]),
    ShapeCase(sum, [f(3)], nil), ShapeCase(sum, [], nil),
    ShapeCase(CumulativeSum(axis: -1, exclusive: false, reversed: false), [f(3)], nil),
    ShapeCase(product, [half(n, 3)], [half(n, 3)]), ShapeCase(product, [byte(2, 3)], [long(2, 3)]),
    ShapeCase(product, [flag(2, 3)], nil), ShapeCase(product, [f()], nil),
    ShapeCase(states, [f(n, 3), f(n, 3)], [f(n, 3)]), ShapeCase(states, [f(n, 3)], nil),
    ShapeCase(states, [f(n, 3), f(3)], nil), ShapeCase(states, [f(2, 3), half(2, 3)], nil),
    ShapeCase(states, [i(2, 3), i(2, 3)], nil), ShapeCase(states, [f(3), f(3)], nil),
  ]
}

private func orderCases() -> [ShapeCase] {
  let sort = Sort(axis: 1, descending: true)
  let gradient = SortGradient(axis: 1, size: n)
  return [
    ShapeCase(sort, [f(n, 3)], [f(n, 3), i(n, 3)]),
    ShapeCase(sort, [byte(2, 0)], [byte(2, 0), i(2, 0)]),
    ShapeCase(sort, [f(3)], nil), ShapeCase(sort, [flag(2, 2)], nil), ShapeCase(sort, [], nil),
    ShapeCase(TopK(2, axis: 0, largest: true), [f(n, 3)], [f(2, 3), i(2, 3)]),
    ShapeCase(TopK(0, axis: 0, largest: true), [i(4)], [i(0), i(0)]),
    ShapeCase(TopK(4, axis: 1, largest: true), [f(n, 3)], nil),
    ShapeCase(TopK(-1, axis: 0, largest: true), [f(n)], nil),
    ShapeCase(TopK(1, axis: 1, largest: true), [f(3)], nil),
    ShapeCase(TopK(1, axis: 0, largest: true), [flag(3)], nil),
    ShapeCase(gradient, [f(2, 3), i(2, 3)], [f(2, n)]), ShapeCase(gradient, [f(2, 3)], nil),
    ShapeCase(gradient, [f(2, 3), i(3)], nil), ShapeCase(gradient, [f(2, 3), f(2, 3)], nil),
    ShapeCase(gradient, [f(3), i(3)], nil), ShapeCase(gradient, [i(2, 3), i(2, 3)], nil),
  ]
}

@Suite("Reductions, scans and orders: bad use")
struct ReductionShapeTests {
  @Test("axes that do not exist or repeat are errors; negative ones count from the end")
  func axes() throws {
    let x = try Tensor.input("x", shape: [2, 3, 4])
    #expect(try x.min(axes: [-1, 0]).shape == [3])
    #expect(try x.variance(axes: [1], keepingAxes: true).shape == [2, 1, 4])
    #expect(try x.argmin(axis: -2, keepingAxis: true).shape == [2, 1, 4])
    #expect(try x.topK(2).indices.shape == [2, 3, 2])
    #expect(try x.standardDeviation(axes: [0], correction: 1).shape == [3, 4])
    for axes in [[3], [-4], [0, 0], [0, -3], [.max], [.min]] {
      #expect(throws: GraphError.self) { try x.product(axes: axes) }
      #expect(throws: GraphError.self) { try x.logSumExp(axes: axes) }
      #expect(throws: GraphError.self) { try x.standardDeviation(axes: axes) }
    }
    for axis in [3, -4, .max, .min] {
      #expect(throws: GraphError.self) { try x.argmin(axis: axis) }
      #expect(throws: GraphError.self) { try x.cumulativeSum(axis: axis) }
      #expect(throws: GraphError.self) { try x.cumulativeProduct(axis: axis) }
      #expect(throws: GraphError.self) { try x.linearRecurrence(factors: x, axis: axis) }
      #expect(throws: GraphError.self) { try x.sorted(axis: axis) }
      #expect(throws: GraphError.self) { try x.topK(1, axis: axis) }
    }
  }

  @Test("numbers out of range are errors that name the operation")
  func numbers() throws {
    let x = try Tensor.input("x", shape: [3])
    #expect(
      throws: GraphError.invalidValue(operation: "top_k", reason: "takes 4 of 3 elements")
    ) { try x.topK(4) }
    for correction in [-1, 2, .max] {
      #expect(throws: GraphError.self) { try x.variance(correction: correction) }
    }
  }

  @Test("attributes of a saved graph that do not fit are errors")
  func attributes() throws {
    let hostile: [(String, [String: Attributes.Value])] = [
      ("variance", ["axes": .ints([0]), "correction": .double(0)]),
      ("linear_recurrence", ["axis": .int(0), "form": .string("?"), "reverse": .bool(false)]),
      ("sort_gradient", ["axis": .int(0), "size": .dims([])]),
      ("sort_gradient", ["axis": .int(0), "size": .dims([1, 2])]),
      ("top_k", ["axis": .int(0), "k": .double(0.5), "largest": .bool(true)]),
      ("cumsum", ["axis": .int(0), "exclusive": .int(0), "reverse": .bool(false)]),
    ]
    for (name, values) in hostile {
      #expect(throws: GraphError.self, "\(name)") {
        try PrimitiveRegistry.primitive(named: name, Attributes(values))
      }
    }
    let x = TensorType([3], .float32)
    for axis in [Int.min, -1, 1, .max] {
      let values: [String: Attributes.Value] = [
        "axis": .int(axis), "k": .int(.max), "largest": .bool(true), "descending": .bool(true),
        "exclusive": .bool(true), "reverse": .bool(true), "form": .string("shifted"),
        "size": .dims([Dim(.max)]),
      ]
      for name in ["argmin", "cumsum", "cumprod", "linear_recurrence", "sort", "top_k"] {
        let primitive = try PrimitiveRegistry.primitive(named: name, Attributes(values))
        #expect(throws: GraphError.self, "\(name)") { try primitive.outputTypes([x]) }
      }
      let gradient = try PrimitiveRegistry.primitive(named: "sort_gradient", Attributes(values))
      #expect(throws: GraphError.self) {
        try gradient.outputTypes([x, TensorType([3], .int32)])
      }
    }
  }
}
