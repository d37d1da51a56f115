import GPUMLDevice
import GPUMLGraph
import Testing

@testable import GPUMLRuntime

/// What random trials of layout do not reach: many axes, sizes that only a plan knows, and copies
/// of more than one block.
@Suite("Layout on the device")
struct LayoutTests {
  private static let n = Dim.symbol("n")

  @Test("more separate axes than any kernel writes out", arguments: Harness.families)
  func manyAxes(family: KernelFamily) async throws {
    let shape = [2, 3, 2, 3, 2, 3, 2, 3, 2]
    let x = try Tensor.input("x", shape: [Dim](shape))
    let threes = try x.sliced(
      starts: shape.map { _ in 0 }, ends: shape.map { _ in .max }, steps: shape.map { $0 - 1 })
    try await Harness.compare(
      [
        try x.transposed(), try x.flipped(), threes,
        try x.padded(
          before: shape.map { _ in 1 }, after: shape.map { _ in -1 }, mode: .reflect),
      ], ["x": try Harness.random(shape, seed: 1)], family: family, relative: 0, absolute: 0)
  }

  @Test("no launch has more groups along a second or third dimension than GPUs take")
  func tallTransposes() async throws {
    guard Harness.families.contains(.gpu) else { return }
    // A batch of many matrices, and many rows; the last fits.
    for (shape, axes) in [
      ([70_000, 2, 3], [0, 2, 1]), ([2_200_000, 2], [1, 0]), ([99, 7], [1, 0]),
    ] {
      let x = try Tensor.input("x", shape: [Dim](shape), dtype: .uint8)
      let launches = try Harness.launches([try x.transposed(axes)], family: .gpu)
      #expect(launches.count == 1)
      for launch in launches {
        let groups = zip(launch.global.sizes, try #require(launch.local).sizes).map { $0 / $1 }
        #expect(groups.dropFirst().allSatisfy { $0 < 1 << 16 }, "\(launch.label): \(groups)")
      }
    }
    let x = try Tensor.input("x", shape: [70_000, 2, 3])
    try await Harness.compare(
      [try x.transposed([0, 2, 1])], ["x": try Harness.random([70_000, 2, 3], seed: 4)],
      family: .gpu, relative: 0, absolute: 0)
  }

  @Test("blocks that are not whole, of elements of each width", arguments: Harness.families)
  func blocks(family: KernelFamily) async throws {
    for dtype in [DType.uint8, .bfloat16, .float32, .int64] {
      let x = try Tensor.input("x", shape: [3, 20_001], dtype: dtype)
      let y = try Tensor.input("y", shape: [2_001, 4], dtype: dtype)
      let inputs = [
        "x": try Harness.integers([3, 20_001], below: 100, seed: 1).converted(to: dtype),
        "y": try Harness.integers([2_001, 4], below: 100, seed: 2).converted(to: dtype),
      ]
      try await Harness.compare(
        [
          try x.sliced(axis: 0, from: 1), try x.sliced(axis: 1, from: 2, to: -3),
          try x.sliced(axis: 1, from: 7, to: 18_000, by: 3), try x.flipped(axes: [1]),
          try .concatenated([x, x.sliced(axis: 1, to: 16)], axis: 1),
          try .concatenated([y, y, y.sliced(axis: 1, to: 1)], axis: -1), try y.flipped(axes: [0]),
          try x.padded(axis: 1, before: 3, after: 16_400, mode: .wrap),
          try x.padded(axis: 1, before: 16_390, after: 1, mode: .reflect),
          try y.padded(before: [-2, 3], after: [4_000, -1], value: 7),
          try x.upperTriangle(offset: 2),
          try y.lowerTriangle(offset: -1_000),
        ], inputs, family: family, relative: 0, absolute: 0, note: "\(dtype)")
    }
  }

  @Test("gradients of paddings of more than one block", arguments: Harness.families)
  func folds(family: KernelFamily) async throws {
    let x = try Tensor.input("x", shape: [2, 17_000])
    var outputs: [Tensor] = []
    for mode in [Pad.Mode.edge, .reflect, .wrap] {
      let padded = try x.padded(before: [1, 5], after: [0, 40], mode: mode)
      outputs += try gradients(of: (padded * padded).sum(), withRespectTo: [x])
    }
    try await Harness.compare(
      outputs, ["x": try Harness.random([2, 17_000], seed: 1)], family: family, relative: 1e-5,
      absolute: 1e-5)
  }

  @Test("a constant is sliced where only the plan's size says", arguments: Harness.families)
  func symbolicStart(family: KernelFamily) async throws {
    let n = LayoutTests.n
    let x = try Tensor.input("x", shape: [n, 2])
    let table = try Tensor.constant(Harness.random([9, 2], seed: 3))
    for rows in [1, 4, 9] {
      let inputs = ["x": try Harness.random([rows, 2], seed: 2)]
      try await Harness.compare(
        [
          try x + table.sliced(axis: 0, to: n), try table.sliced(axis: 0, from: n - 1, to: n),
          try x.sliced(axis: 0, from: -1), try x.matmul(x, transposesRight: true).diagonal(),
          try .eye(n), try .range(count: n, from: 3, by: -2, dtype: .int64), try x.flipped(),
        ], inputs, family: family)
    }
  }

  @Test("a slice that a plan's size leaves outside is an error", arguments: Harness.families)
  func outside(family: KernelFamily) async throws {
    let x = try Tensor.input("x", shape: [LayoutTests.n, 2])
    let session = try Session(
      Graph(outputs: [Graph.Output("y", x.sliced(axis: 0, to: 4))]),
      store: VariableStore(
        Harness.sharedContext(family), variables: [], seed: 1,
        options: Harness.planOptions(packing: false)))
    let fitting = try await session.run(["x": try Harness.random([4, 2], seed: 1)])
    #expect(fitting["y"]?.shape == [4, 2])
    let short = try Harness.random([3, 2], seed: 1)
    await #expect {
      try await session.run(["x": short])
    } throws: {
      "\($0)".contains("slice: 4 elements from 0 on in steps of 1 do not lie within axis 0")
    }
  }
}
