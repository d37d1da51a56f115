import GPUMLDevice
import GPUMLGraph
import GPUMLReference
import Testing

@testable import GPUMLRuntime

/// Gathers, scatters and orders of sizes at which work is shared out among several work-items.
@Suite("Indexing on the device", .serialized)
struct IndexingTests {
  private static func input(_ name: String, _ shape: [Int], _ dtype: DType = .float32) throws
    -> Tensor
  {
    try .input(name, shape: [Dim](shape), dtype: dtype)
  }

  @Test("large gathers and scatters agree with float64", arguments: Harness.families)
  func large(family: KernelFamily) async throws {
    for (shape, picks) in [([300, 70], 900), ([5000], 6000), ([3, 50, 33], 400)] {
      let axis = shape.count == 3 ? 1 : 0
      var updated = shape
      updated[axis] = picks
      let (x, u) = (try Self.input("x", shape), try Self.input("u", updated))
      let index = try Self.input("i", [picks], .int32)
      let each = try index.reshaped(
        to: shape.indices.map { $0 == axis ? Dim(picks) : 1 }
      ).expanded(to: [Dim](updated))
      try await Harness.compare(
        [
          try x.gathered(at: index, axis: axis), try x.taken(at: each, alongAxis: axis),
          try x.scatterAdding(u, at: index, axis: axis),
          try x.scatterAdding(u, at: each, alongAxis: axis),
          try x.scattering(u, at: index, axis: axis),
          try x.putting(u, at: each, alongAxis: axis),
        ],
        [
          "x": try Harness.random(shape, seed: 1), "u": try Harness.random(updated, seed: 2),
          "i": try Harness.integers([picks], below: shape[axis], seed: 3),
        ], family: family, absolute: 1e-4, note: "\(shape)")
    }
  }

  @Test("large orders and counts are exact", arguments: Harness.families)
  func orders(family: KernelFamily) async throws {
    for count in [1, 5000, 150_000] {
      let x = try Self.input("x", [count], .int32)
      try await Harness.compare(
        [
          try .permutation(count: Dim(count), stream: 3), try KeyOrder()(x.cast(to: .uint32)),
          try x.nonZero(), try x.countNonZero(), try x.isLess(1).nonZero(dtype: .int32),
        ], ["x": try Harness.integers([count], below: 3, seed: UInt64(count))], family: family,
        relative: 0, absolute: 0, note: "\(count)")
    }
  }

  @Test("a size beyond 2²⁴ is told exactly", arguments: Harness.families)
  func largeSize(family: KernelFamily) async throws {
    let size = 1 << 24 + 1
    let x = try Tensor.input("x", shape: [.symbol("n")], dtype: .bool)
    let number = try SizeOf(x.shape, dtype: .int32)()
    let graph = try Graph(outputs: [
      .init("size", number + 1), .init("x", x.gathered(at: .constant(0, dtype: .int32))),
    ])
    let store = try VariableStore(Harness.sharedContext(family), variables: [])
    let session = try Session(graph, store: store)
    let values = try await session.run(["x": HostTensor([Bool](repeating: true, count: size))])
    #expect(values["size"]?.doubles == [Double(size + 1)])
    #expect(values["x"]?.doubles == [1])
  }
}
