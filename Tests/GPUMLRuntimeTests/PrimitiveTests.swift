import GPUMLDevice
import GPUMLGraph
import GPUMLReference
import Testing

@testable import GPUMLRuntime

/// What random trials seldom meet: extreme numbers, long axes, labels out of range. Each test puts
/// many results into one graph, because compiling is what takes time.
@Suite("Primitives on the device")
struct PrimitiveTests {
  static func input(_ name: String, _ shape: [Int]) throws -> Tensor {
    try .input(name, shape: [Dim](shape))
  }

  @Test("special values keep their meaning", arguments: Harness.families)
  func specialValues(family: KernelFamily) async throws {
    let special: [Float] = [.nan, .infinity, -.infinity, -0.0, 0, 1e4, -1e4, 88, -88, 1e-30, 3]
    // Longer than a vector, so that both the vector and the scalar code see them.
    let values = Array((0..<4).map { _ in special }.joined())
    let x = try PrimitiveTests.input("x", [values.count])
    let y = try PrimitiveTests.input("y", [values.count])
    let inputs = [
      "x": try HostTensor(values, shape: [values.count]),
      "y": try HostTensor(Array(values.reversed()), shape: [values.count]),
    ]
    try await Harness.compare(
      [
        try x.relu(), try x.exp(), try x.tanh(), try x.sigmoid(), try x.maximum(y), try x + y,
        try x * y, try x / y, try x - y, try x.isLess(y).cast(to: .float32),
        try x.isEqual(x).cast(to: .float32), try x.max(axes: [0]), try x.sum(),
        try x.argmax(axis: 0),
        try x.cast(to: .int32), try x.cast(to: .uint8), try x.cast(to: .bool), try x.gelu(),
      ], inputs, family: family, relative: 1e-5, absolute: 1e-6)
    // Rows of large logits stay finite.
    let logits = try PrimitiveTests.input("l", [3, 3])
    let large: [Float] = [1e4, -1e4, 0, 1e4, 1e4, 1e4, -1e4, -1e4, -1e4]
    try await Harness.compare(
      [try logits.softmax()], ["l": try HostTensor(large, shape: [3, 3])], family: family)
  }

  @Test("integers wrap around, and division never stops the device", arguments: Harness.families)
  func integers(family: KernelFamily) async throws {
    let a = try Tensor.input("a", shape: [8], dtype: .int32)
    let b = try Tensor.input("b", shape: [8], dtype: .int32)
    let c = try Tensor.input("c", shape: [8], dtype: .int64)
    let inputs = [
      "a": HostTensor([Int32.min, .max, 7, -7, 0, 5, -1, .min]),
      "b": HostTensor([Int32(-1), 2, 0, 2, 0, -3, 300, 3]),
      "c": HostTensor([Int64(1) << 40, -1, 7, 300, 0, -129, 65536, 3]),
    ]
    var outputs = [
      try a + b, try a - b, try a * b, try a / b, try a.maximum(b), try c.cast(to: .int8),
      try a.isLess(b), try c * c, try c / c,
    ]
    for dtype in [DType.int8, .uint8, .uint32, .int64, .bool, .float32, .float16] {
      outputs.append(try b.cast(to: dtype))
    }
    try await Harness.compare(outputs, inputs, family: family, relative: 0, absolute: 0)
  }

  @Test("reductions agree over any axes", arguments: Harness.families)
  func reductions(family: KernelFamily) async throws {
    let cases: [([Int], [[Int]])] = [
      ([65], [[0], []]), ([7, 130], [[0], [1], [0, 1]]),
      ([3, 5, 17], [[1], [0, 2], [2], [0, 1]]),
      ([2, 3, 1, 4, 7], [[1, 3], [0, 2, 4], [4]]), ([0, 4], [[0], [1]]), ([100_003], [[0]]),
      ([20_000, 3], [[0]]), ([], [[]]),
    ]
    for (shape, axisLists) in cases {
      let x = try PrimitiveTests.input("x", shape)
      var outputs: [Tensor] = []
      for axes in axisLists {
        outputs += [
          try x.sum(axes: axes), try x.mean(axes: axes, keepingAxes: true), try x.max(axes: axes),
        ]
        if axes.count == 1, shape[axes[0]] > 0 { outputs.append(try x.argmax(axis: axes[0])) }
      }
      let count = Double(shape.reduce(1, *))
      try await Harness.compare(
        outputs, ["x": try Harness.random(shape, seed: 4)], family: family, relative: 1e-5,
        absolute: 1e-6 + count * 0x1p-23, note: "\(shape)")
    }
  }

  @Test("transposes, reshapes and expansions move every element", arguments: Harness.families)
  func shapes(family: KernelFamily) async throws {
    let x = try PrimitiveTests.input("x", [3, 17, 2, 5])
    let m = try PrimitiveTests.input("m", [65, 33])
    let outputs = [
      try x.transposed(), try x.transposed([0, 1, 3, 2]), try x.transposed([2, 0, 3, 1]),
      try x.transposed([0, 2, 1, 3]), try x.transposed([0, 1, 2, 3]), try m.transposed(),
      try x.reshaped(to: [51, 10]).transposed(), try x.flattened().exp(),
      try m.reshaped(to: [65, 33, 1]).expanded(to: [2, 65, 33, 4]),
      try m.transposed().cast(to: .int64).transposed(), try m.cast(to: .uint8).transposed(),
      try m.cast(to: .float16).transposed(), try x.reshaped(to: [510]),
    ]
    try await Harness.compare(
      outputs,
      [
        "x": try Harness.random([3, 17, 2, 5], seed: 1),
        "m": try Harness.random([65, 33], seed: 2, scale: 50),
      ], family: family, relative: 1e-3)
  }

  @Test("a label out of range gives NaN and touches nothing else", arguments: Harness.families)
  func badLabels(family: KernelFamily) async throws {
    let logits = try PrimitiveTests.input("l", [3, 4])
    let labels = try Tensor.input("y", shape: [3], dtype: .int32)
    try await Harness.compare(
      [try logits.softmaxCrossEntropy(labels: labels)],
      ["l": try Harness.random([3, 4], seed: 1), "y": HostTensor([Int32(4), -1, 2])],
      family: family)
  }
}
