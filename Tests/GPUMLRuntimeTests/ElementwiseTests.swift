import GPUMLDevice
import GPUMLGraph
import GPUMLReference
import Testing

@testable import GPUMLRuntime

/// What random trials of elementwise primitives do not reach: relative accuracy where results are
/// tiny or almost overflow, large arguments, and exact whole numbers.
@Suite("Elementwise on the device")
struct ElementwiseTests {
  /// Each power of two and its neighbourhood, both signs, within bounds; tiny and large numbers lie
  /// side by side, because functions of vectors may choose one way for all lanes.
  private static func sweep(_ low: Double, _ high: Double) -> [Float] {
    var values: [Float] = []
    for exponent in stride(from: -100.0, through: 40, by: 0.5) {
      for factor in [1.0, 1.37, -1.0, -1.37] {
        let value = Float(factor * Double.power(2, exponent))
        if Double(value) >= low, Double(value) <= high { values.append(value) }
      }
    }
    for place in 0...200 {
      values.append(Float(max(low, -20) + (min(high, 20) - max(low, -20)) * Double(place) / 200))
    }
    return values.indices.map { values[$0 * 7919 % values.count] }
  }

  private typealias Function = (name: String, low: Double, high: Double, build: Build)
  private typealias Build = @Sendable (Tensor) throws -> Tensor

  private static let functions: [Function] = [
    ("exp", -87, 88.7, { try $0.exp() }), ("expm1", -1e5, 88.7, { try $0.expm1() }),
    ("log", 1e-37, 1e30, { try $0.log() }), ("log1p", -0.999, 1e30, { try $0.log1p() }),
    ("sqrt", 0, 1e30, { try $0.squareRoot() }),
    ("rsqrt", 1e-30, 1e30, { try $0.reciprocalSquareRoot() }),
    ("reciprocal", -1e30, 1e30, { try $0.reciprocal() }),
    ("erf", -1e5, 1e5, { try $0.erf() }), ("tanh", -1e5, 1e5, { try $0.tanh() }),
    ("sigmoid", -87, 1e5, { try $0.sigmoid() }), ("sin", -1e12, 1e12, { try $0.sin() }),
    ("cos", -1e12, 1e12, { try $0.cos() }), ("tan", -1e12, 1e12, { try $0.tan() }),
    ("asin", -1, 1, { try $0.asin() }), ("acos", -1, 1, { try $0.acos() }),
    ("atan", -1e30, 1e30, { try $0.atan() }), ("sinh", -89.4, 89.4, { try $0.sinh() }),
    ("cosh", -89.4, 89.4, { try $0.cosh() }), ("abs", -1e30, 1e30, { try $0.abs() }),
    ("floor", -1e12, 1e12, { try $0.floor() }), ("ceil", -1e12, 1e12, { try $0.ceil() }),
    ("round", -1e12, 1e12, { try $0.round() }),
  ]

  @Test(
    "functions keep their relative accuracy wherever they are finite", arguments: Harness.families)
  func accuracy(family: KernelFamily) async throws {
    for (name, low, high, build) in ElementwiseTests.functions {
      var values = ElementwiseTests.sweep(low, high)
      if high < 100 { values += [Float(high), Float(low), Float(high) - 0.4] }
      let x = try Tensor.input("x", shape: [Dim(values.count)])
      // Below 1e-37 a device may flush to zero.
      try await Harness.compare(
        [try build(x)], ["x": HostTensor(values)], family: family, relative: 1e-5,
        absolute: 2e-38, note: name)
    }
  }

  @Test("halves are rounded to even", arguments: Harness.families)
  func halves(family: KernelFamily) async throws {
    let values = (-40...40).map { Float($0) / 2 } + [8_388_607.5, -8_388_607.5, 0.49999997]
    let x = try Tensor.input("x", shape: [Dim(values.count)])
    try await Harness.compare(
      [try x.round(), try x.floor(), try x.ceil(), try x.sign(), try x.remainder(1.5)],
      ["x": HostTensor(values)], family: family, relative: 0, absolute: 0)
  }

  @Test("quotients of very different numbers are rounded down", arguments: Harness.families)
  func floors(family: KernelFamily) async throws {
    let left: [Float] = [
      7, -7, 1e8, -1e8, 1e-8, -1e-8, 16_777_216, 1, 5.5, 1e10, .infinity, 6, 0.3,
    ]
    let right: [Float] = [2, -3, 0.1, 0.7, 3, -1e-3, 1e5, 0, .infinity, 1e-10]
    let a = try Tensor.input("a", shape: [13, 1])
    let b = try Tensor.input("b", shape: [10])
    try await Harness.compare(
      [try a.floorDivide(b), try a.remainder(b)],
      ["a": HostTensor(left).reshaped([13, 1]), "b": HostTensor(right)], family: family,
      relative: 1e-6, absolute: 0)
  }

  @Test("sizes and constants are whole numbers without rounding", arguments: Harness.families)
  func wholeNumbers(family: KernelFamily) async throws {
    let x = try Tensor.input("x", shape: [2], dtype: .int32)
    let y = try Tensor.input("y", shape: [2], dtype: .int64)
    let large = (Int64(1) << 53) + 1
    let constant = try Tensor.constant(HostTensor(scalar: large))
    let two = try Tensor.constant(HostTensor(scalar: Int64(2)))
    let outputs = [
      try x + SizeOf([16_777_217], dtype: .int32)(), try y + constant, try y + (constant + two),
      try y + SizeOf([16_777_217], dtype: .int64)(),
    ]
    let graph = try Graph(
      outputs: outputs.enumerated().map { Graph.Output("o\($0.offset)", $0.element) })
    let store = try VariableStore(Harness.sharedContext(family), variables: [], seed: 1)
    let session = try Session(graph, store: store)
    let values = try await session.run([
      "x": HostTensor([Int32(0), 4]), "y": HostTensor([Int64(0), -5]),
    ])
    #expect(values["o0"] == HostTensor([Int32(16_777_217), 16_777_221]))
    #expect(values["o1"] == HostTensor([large, large - 5]))
    #expect(values["o2"] == HostTensor([large + 2, large - 3]))
    #expect(values["o3"] == HostTensor([Int64(16_777_217), 16_777_212]))
  }

  @Test(
    "a cast to 16 bits rounds within a kernel as it does in memory", arguments: Harness.families)
  func narrowing(family: KernelFamily) async throws {
    // Longer than a vector, so that both the vector and the scalar code see all.
    let values = [Float](
      [[1.0001, 70000, -3.14159, 1e-7, 3e-8, .nan, -.infinity, 65519, 0.1, -0.0, 257]]
        .flatMap { $0 + $0 + $0 })
    let wholes = values.map { Int32($0.isFinite ? $0 : 2049) }
    let x = try Tensor.input("x", shape: [Dim(values.count)])
    let n = try Tensor.input("n", shape: [Dim(values.count)], dtype: .int32)
    for dtype in [DType.float16, .bfloat16] {
      let graph = try Graph(outputs: [
        .init("x", x.cast(to: dtype).cast(to: .float32)),
        .init("n", n.cast(to: dtype).cast(to: .int32)),
      ])
      let (_, session) = try Harness.session(graph, family: family)
      #expect(try session.plan([:]).launches.count == 2)
      let inputs = ["x": HostTensor(values), "n": HostTensor(wholes)]
      let results = try await session.run(inputs)
      for (name, value) in inputs {
        let expected = value.converted(to: dtype).converted(to: value.dtype).doubles
        let found = try #require(results[name]).doubles
        #expect(
          zip(found, expected).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN },
          "\(dtype): \(found), not \(expected)")
      }
    }
  }

  @Test("a chain of truth values and numbers is one kernel of vectors", arguments: Harness.families)
  func chain(family: KernelFamily) async throws {
    let x = try Tensor.input("x", shape: [5, 37])
    let y = try Tensor.input("y", shape: [37])
    let inside = try x.isGreater(-1).logicalAnd(x.isAtMost(1)).logicalXor(y.isNotEqual(0.5))
    let outputs = [
      try Tensor.where(inside.logicalNot(), x, y), try Tensor.where(x.isFinite(), x.power(2.5), y),
      try Tensor.where(inside.isEqual(x.isLess(y)), x.floorDivide(y), x.remainder(y)),
      try x.power(y) + x.atan2(y).clamped(low: -1, high: 1),
      try Tensor.where(inside.logicalOr(x.isNaN()), 1, y.sign() * x.abs()).cast(to: .float16),
    ]
    try await Harness.compare(
      outputs,
      ["x": try Harness.random([5, 37], seed: 1), "y": try Harness.random([37], seed: 2)],
      family: family, relative: 1e-3, absolute: 1e-5)
  }
}

extension HostTensor {
  fileprivate func reshaped(_ shape: [Int]) -> HostTensor {
    HostTensor(doubles: doubles, shape: shape, dtype: dtype)
  }
}

extension Double {
  fileprivate static func power(_ base: Double, _ exponent: Double) -> Double {
    // Half steps: 2^n, or √2 times it.
    let whole = exponent.rounded(.down)
    return Double(sign: .plus, exponent: Int(whole), significand: 1)
      * (exponent == whole ? 1 : base.squareRoot())
  }
}
