import GPUMLDevice
import GPUMLGraph
import GPUMLReference
import Testing

@testable import GPUMLRuntime

/// A shape and an axis of it.
struct LongAxis: Sendable, CustomTestStringConvertible {
  let shape: [Int]
  let axis: Int
  var testDescription: String { "axis \(axis) of \(shape)" }
}

/// Reductions, scans and orders along axes that take several launches or rounds.
@Suite("Long axes", .serialized)
struct LongAxisTests {
  /// One line, a few, and columns. They count as long: lines are cut from 64 elements on.
  static let lines = [
    LongAxis(shape: [1301], axis: 0), LongAxis(shape: [3, 130], axis: 1),
    LongAxis(shape: [129, 5], axis: 0), LongAxis(shape: [2, 600, 3], axis: 1),
    LongAxis(shape: [65, 37], axis: 0),
  ]

  @Test("reductions", arguments: lines, Harness.families)
  func reductions(line: LongAxis, family: KernelFamily) async throws {
    let (shape, axis) = (line.shape, line.axis)
    let x = try Tensor.input("x", shape: [Dim](shape))
    let axes = [axis]
    let values = try Harness.random(shape, seed: 3)
    try await Harness.compare(
      [
        try x.min(axes: axes), try x.l1Norm(axes: axes), try x.l2Norm(axes: axes),
        try x.sumOfSquares(axes: axes), try x.logSumExp(axes: axes), try x.argmin(axis: axis),
        try x.variance(axes: axes), try x.standardDeviation(axes: axes, correction: 1),
        try (x * 1e-3 + 1).product(axes: axes),
        try x.isLess(3).all(axes: axes), try x.isLess(-3).any(axes: axes),
        try x.isLess(0).sum(axes: axes),
      ], ["x": values], family: family, relative: 3e-5, absolute: 1e-6, cutting: true)
  }

  /// Columns of more than 1 MB, whose rows are read one by one where they are short and eight at a time
  /// where they are not.
  @Test("columns of large operands", arguments: [(1100, 257), (270, 1030)], Harness.families)
  func largeColumns(size: (rows: Int, columns: Int), family: KernelFamily) async throws {
    let shape = [size.rows, size.columns]
    let x = try Tensor.input("x", shape: [Dim](shape))
    try await Harness.compareSums(
      [try x.sum(axes: [0])], ["x": Harness.random(shape, seed: 6)], terms: size.rows,
      family: family)
  }

  @Test("a mean of 1e4 takes nothing from a variance of 1", arguments: lines, Harness.families)
  func largeMean(line: LongAxis, family: KernelFamily) async throws {
    let (shape, axis) = (line.shape, line.axis)
    let x = try Tensor.input("x", shape: [Dim](shape))
    let deviations = try Harness.random(shape, seed: 4)
    let values = HostTensor(
      doubles: deviations.doubles.map { $0 + 1e4 }, shape: shape, dtype: .float32)
    try await Harness.compare(
      [try x.variance(axes: [axis]), try x.standardDeviation(axes: [axis], correction: 1)],
      ["x": values], family: family, relative: 1e-5, absolute: 0, cutting: true)
  }

  @Test("a large mean takes nothing from the gradient of a variance", arguments: Harness.families)
  func gradientOfDeviations(family: KernelFamily) async throws {
    // The mean, 100.3, is no number of 16 bits, and bfloat16 would make 100.5 of it.
    let values = [100, 100.5, 101, 99.5, 100.5]
    for dtype in DType.floating {
      let x = try Tensor.input("x", shape: [5], dtype: dtype)
      let outputs = try [x.variance(), x.standardDeviation(correction: 1)].flatMap { result in
        try gradients(of: result, withRespectTo: [x])
      }
      try await Harness.compare(
        outputs, ["x": HostTensor(doubles: values, shape: [5], dtype: dtype)], family: family,
        // What storing the results rounds, those of the upstream gradient included.
        relative: dtype == .float32 ? 1e-5 : dtype == .float16 ? 2e-3 : 1.6e-2)
    }
  }

  @Test("whole numbers", arguments: lines, Harness.families)
  func integers(line: LongAxis, family: KernelFamily) async throws {
    let (shape, axis) = (line.shape, line.axis)
    let x = try Tensor.input("x", shape: [Dim](shape), dtype: .int32)
    let axes = [axis]
    let byte = try x.cast(to: .int8)
    try await Harness.compare(
      [
        try x.sum(axes: axes), try byte.sum(axes: axes), try x.product(axes: axes),
        try x.max(axes: axes), try x.cast(to: .uint32).min(axes: axes),
        try x.cast(to: .int64).max(axes: axes), try x.argmax(axis: axis),
        try byte.cumulativeSum(axis: axis), try x.cumulativeProduct(axis: axis, reversed: true),
        try x.isLess(5).cumulativeSum(axis: axis, exclusive: true),
      ], ["x": try Harness.integers(shape, below: 100, seed: 5)], family: family, relative: 0,
      absolute: 0, cutting: true)
  }

  @Test("scans, from either end", arguments: lines, Harness.families)
  func scans(line: LongAxis, family: KernelFamily) async throws {
    let (shape, axis) = (line.shape, line.axis)
    let x = try Tensor.input("x", shape: [Dim](shape))
    let a = try Tensor.input("a", shape: [Dim](shape))
    var outputs: [Tensor] = []
    for reversed in [false, true] {
      for exclusive in [false, true] {
        outputs += [
          try x.cumulativeSum(axis: axis, exclusive: exclusive, reversed: reversed),
          try (x * 1e-3 + 1).cumulativeProduct(
            axis: axis, exclusive: exclusive, reversed: reversed),
        ]
      }
      for form in LinearRecurrence.Form.allCases {
        outputs.append(
          try x.linearRecurrence(factors: a, axis: axis, form: form, reversed: reversed))
      }
    }
    let factors = try Harness.random(shape, seed: 7, scale: 0.1)
    try await Harness.compare(
      outputs,
      [
        "x": try Harness.random(shape, seed: 6),
        "a": HostTensor(
          doubles: factors.doubles.map { 0.9 + $0 * 0.2 }, shape: shape, dtype: .float32),
      ], family: family, relative: 1e-5, absolute: 3e-5, cutting: true)
  }

  @Test("orders", arguments: lines, Harness.families)
  func orders(line: LongAxis, family: KernelFamily) async throws {
    let (shape, axis) = (line.shape, line.axis)
    let x = try Tensor.input("x", shape: [Dim](shape))
    let y = try Tensor.input("y", shape: [Dim](shape), dtype: .int32)
    let (ascending, descending) = (
      try x.sorted(axis: axis), try y.sorted(axis: axis, descending: true)
    )
    let (few, many) = (try y.topK(10, axis: axis), try x.topK(60, axis: axis, largest: false))
    let weight = try Tensor.input("w", shape: many.values.shape)
    let dx = try gradients(of: (many.values * weight).sum(), withRespectTo: [x])[0]
    let weights = try many.values.shape.map { try $0.value([:]) }
    try await Harness.compare(
      [
        ascending.values, ascending.indices, descending.values, descending.indices, few.values,
        few.indices, many.values, many.indices, dx,
      ],
      [
        "x": try Harness.random(shape, seed: 8),
        "y": try Harness.integers(shape, below: 1000, seed: 9),
        "w": try Harness.random(weights, seed: 10),
      ], family: family, relative: 0, absolute: 0)
  }

  @Test("an axis beyond 16384 elements", arguments: Harness.families)
  func reallyLong(family: KernelFamily) async throws {
    let x = try Tensor.input("x", shape: [40_001])
    let deviations = try Harness.random([40_001], seed: 11)
    // A mean of 10⁴ takes nothing from a variance of 1.
    try await Harness.compare(
      [try x.variance(), try x.standardDeviation(correction: 1), try x.logSumExp()],
      [
        "x": HostTensor(
          doubles: deviations.doubles.map { $0 + 1e4 }, shape: [40_001], dtype: .float32)
      ], family: family, relative: 1e-5, absolute: 0)
    try await Harness.compare(
      [try x.cumulativeSum(axis: 0), try x.sorted().indices], ["x": deviations], family: family,
      relative: 1e-5, absolute: 1e-3)
  }

  @Test("an axis that a run makes empty is an error of argmax", arguments: Harness.families)
  func empty(family: KernelFamily) async throws {
    let x = try Tensor.input("x", shape: [2, .symbol("n")])
    for result in [try x.argmax(), try x.argmin(), try x.topK(1).values] {
      let graph = try Graph(outputs: [Graph.Output("y", result)])
      let store = try VariableStore(Harness.sharedContext(family), variables: [])
      let session = try Session(graph, store: store)
      await #expect(throws: GraphError.self) {
        try await session.run(["x": HostTensor([Float](), shape: [2, 0])])
      }
    }
  }
}
