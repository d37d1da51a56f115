import GPUMLDevice
import GPUMLGraph
import GPUMLReference
import Testing

@testable import GPUMLRuntime

/// Every primitive on both kernel families against the float64 reference. Each test puts many
/// results into one graph, because compiling is what takes time.
@Suite("Primitives on the device")
struct PrimitiveTests {
  static let shapes: [[Int]] = [
    [], [1], [17], [3, 65], [2, 1, 7], [7, 33, 3], [0, 5], [2, 3, 2, 1, 9],
  ]

  static func input(_ name: String, _ shape: [Int]) throws -> Tensor {
    try .input(name, shape: [Dim](shape))
  }

  @Test("functions of one operand agree with float64", arguments: Harness.families)
  func unary(family: KernelFamily) async throws {
    for shape in [[65, 3], [1], [0, 5]] {
      let x = try PrimitiveTests.input("x", shape)
      let positive = try PrimitiveTests.input("p", shape)
      let outputs = [
        try x.exp(), try positive.log(), try positive.squareRoot(), try x.erf(), try x.relu(),
        try x.gelu(), try x.gelu(approximate: true), try x.tanh(), try x.sigmoid(),
        try x.softmax(), try x.isLess(0.25).cast(to: .float32), try x.isAtMost(0).cast(to: .int32),
      ]
      let values = try Harness.random(shape, seed: 11, scale: 2)
      let inputs = [
        "x": values,
        "p": HostTensor(
          doubles: values.doubles.map { abs($0) + 0.01 }, shape: shape, dtype: .float32),
      ]
      try await Harness.compare(
        outputs, inputs, family: family, relative: 2e-5, absolute: 3e-6, note: "\(shape)")
    }
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

  static let pairs: [([Int], [Int])] = [
    ([17], [17]), ([3, 65], [65]), ([3, 65], [3, 1]), ([3, 65], []), ([1], [4, 5]),
    ([2, 1, 7], [3, 1]), ([5, 1, 3, 1], [4, 1, 65]), ([0, 5], [5]),
    ([2, 3, 2, 1, 9], [3, 1, 4, 1]),
  ]

  @Test("functions of two operands broadcast", arguments: Harness.families)
  func binary(family: KernelFamily) async throws {
    for (left, right) in PrimitiveTests.pairs {
      let a = try PrimitiveTests.input("a", left)
      let b = try PrimitiveTests.input("b", right)
      let outputs = [
        try a + b, try a - b, try a * b, try a / b, try a.maximum(b),
        try a.isLess(b).select(a, b), try a.isEqual(b).cast(to: .uint8),
        try LessOrEqual()(b, a),
      ]
      try await Harness.compare(
        outputs,
        ["a": try Harness.random(left, seed: 1), "b": try Harness.random(right, seed: 2)],
        family: family, relative: 1e-5, note: "\(left) \(right)")
    }
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

  @Test("half and bfloat16 are stored rounded to nearest even", arguments: Harness.families)
  func storage(family: KernelFamily) async throws {
    for (dtype, tolerance) in [(DType.float16, 1e-3), (.bfloat16, 8e-3)] {
      let x = try Tensor.input("x", shape: [3, 37], dtype: dtype)
      let w = try Tensor.input("w", shape: [37, 5], dtype: dtype)
      let inputs = [
        "x": try Harness.random([3, 37], seed: 1).converted(to: dtype),
        "w": try Harness.random([37, 5], seed: 2).converted(to: dtype),
      ]
      try await Harness.compare(
        [
          try x.relu() * 2, try x.cast(to: .float32), try x.sum(axes: [1]), try x.mean(axes: [0]),
          try x.max(), try x.transposed(), try x.softmax(), try x.argmax(), try x.matmul(w),
        ],
        inputs, family: family, relative: tolerance, absolute: tolerance)
    }
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

  @Test("softmax cross-entropy and its gradient", arguments: Harness.families)
  func crossEntropy(family: KernelFamily) async throws {
    for (rows, classes) in [(1, 1), (7, 10), (65, 3), (33, 100)] {
      let logits = try PrimitiveTests.input("l", [rows, classes])
      let labels = try Tensor.input("y", shape: [Dim(rows)], dtype: .int32)
      let loss = try logits.softmaxCrossEntropy(labels: labels)
      let gradient = try gradients(of: loss.mean(), withRespectTo: [logits])[0]
      let inputs = [
        "l": try Harness.random([rows, classes], seed: 9, scale: 3),
        "y": try Harness.integers([rows], below: classes, seed: 9),
      ]
      try await Harness.compare(
        [loss, gradient], inputs, family: family, relative: 1e-4, absolute: 1e-6)
    }
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

  @Test("random numbers are those of the host", arguments: Harness.families)
  func random(family: KernelFamily) async throws {
    let x = try PrimitiveTests.input("x", [3, 41])
    try await Harness.compare(
      [
        try .uniform(shape: [7, 19], stream: 1),
        try .uniform(shape: [35], low: -1, high: 3, stream: 2),
        try .normal(shape: [129], stream: 3), try x.dropout(rate: 0.4, stream: 4),
      ],
      ["x": try Harness.random([3, 41], seed: 1)], family: family, relative: 1e-4, absolute: 1e-5)
  }

  @Test("every registered primitive has a reference and a kernel")
  func registry() throws {
    for type in PrimitiveRegistry.all {
      let name = type.name
      #expect(
        type is any ReferenceEvaluable.Type || ["input", "variable"].contains(name), "\(name)")
      let isSource = ["input", "constant", "variable", "size", "reshape"].contains(name)
      let hasKernel =
        type is any KernelLowering.Type || type is any ElementwiseLowering.Type
        || type is any RandomLowering.Type || type is any UpdateLowering.Type
      #expect(isSource || hasKernel, "\(name) has no kernel")
    }
  }
}
