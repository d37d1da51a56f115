import FoundationEssentials
import GPUMLDevice
import GPUMLGraph
import Testing

@testable import GPUMLRuntime

/// Small runs of kernels that no trial of the table reaches, meant for Oclgrind (`Scripts/check-kernels`), which sees races,
/// overruns and uninitialised reads that PoCL forgives. They check values too, so they are tests
/// everywhere.
@Suite("Kernel check", .serialized)
struct KernelCheckTests {
  /// The third has several panels on a CPU and tiles on a GPU and is a multiple of neither; the last
  /// is summed in two turns.
  static let productSizes = [(5, 7, 3), (16, 16, 16), (70, 37, 41), (13, 9, 530)]

  @Test("products of all forms", arguments: Harness.families)
  func products(family: KernelFamily) async throws {
    for (m, n, k) in KernelCheckTests.productSizes {
      let x = try Tensor.input("x", shape: [Dim(m), Dim(k)])
      let w = try Tensor.input("w", shape: [Dim(n), Dim(k)])
      let b = try Tensor.input("b", shape: [Dim(n)])
      let v = try Tensor.input("v", shape: [Dim(k), Dim(n)])
      let u = try Tensor.input("u", shape: [Dim(k), Dim(m)])
      // The forms that read in place, and those with panels or tiles.
      for packing in [false, true] {
        try await Harness.compare(
          [
            try (x.matmul(w, transposesRight: true) + b).relu(), try x.matmul(v),
            try u.matmul(v, transposesLeft: true),
            try u.matmul(w, transposesLeft: true, transposesRight: true) * 2,
          ],
          [
            "x": try Harness.random([m, k], seed: 1), "w": try Harness.random([n, k], seed: 2),
            "b": try Harness.random([n], seed: 3), "v": try Harness.random([k, n], seed: 4),
            "u": try Harness.random([k, m], seed: 5),
          ], family: family, relative: 1e-4, absolute: 1e-3, packing: packing)
      }
    }
  }

  @Test("products of batches, vectors, 16-bit and whole numbers", arguments: Harness.families)
  func productsOfBatches(family: KernelFamily) async throws {
    for (m, n, k, packing) in [
      (14, 9, 5, false), (14, 9, 5, true), (1, 9, 66, false), (9, 1, 66, false),
    ] {
      let x = try Tensor.input("x", shape: [2, 1, Dim(m), Dim(k)])
      let w = try Tensor.input("w", shape: [2, Dim(n), Dim(k)])
      let b = try Tensor.input("b", shape: [2, 1, Dim(n)])
      let v = try Tensor.input("v", shape: [2, Dim(k), Dim(n)])
      let u = try Tensor.input("u", shape: [2, 1, Dim(k), Dim(m)])
      let i = try Tensor.input("i", shape: [2, Dim(n), Dim(k)], dtype: .int32)
      try await Harness.compare(
        [
          try (x.matmul(w, transposesRight: true) + b).relu(), try x.matmul(v),
          try u.matmul(v, transposesLeft: true),
          try u.matmul(w, transposesLeft: true, transposesRight: true) * 2,
          try x.cast(to: .float16).matmul(w.cast(to: .float16), transposesRight: true),
          try x.cast(to: .bfloat16).matmul(v.cast(to: .bfloat16)),
          try i.matmul(i, transposesRight: true), try i.matmul(i, transposesLeft: true),
        ],
        [
          "x": try Harness.random([2, 1, m, k], seed: 1),
          "w": try Harness.random([2, n, k], seed: 2), "b": try Harness.random([2, 1, n], seed: 3),
          "v": try Harness.random([2, k, n], seed: 4),
          "u": try Harness.random([2, 1, k, m], seed: 5),
          "i": try Harness.integers([2, n, k], below: 9, seed: 6),
        ], family: family, relative: 3e-2, absolute: 0.4, packing: packing)
    }
  }

  @Test("a reduction long enough for two launches", arguments: Harness.families)
  func longReduction(family: KernelFamily) async throws {
    let long = try Tensor.input("long", shape: [40_000])
    try await Harness.compare(
      [try long.sum()], ["long": try Harness.random([40_000], seed: 1)], family: family,
      absolute: 1e-2)
  }

  @Test("a training step of each optimizer", arguments: Harness.families)
  func steps(family: KernelFamily) async throws {
    let optimizers: [any UpdatePrimitive] = [
      try SGDUpdate(), try SGDUpdate(momentum: 0.9, nesterov: true), try AdamUpdate(),
      try AdamUpdate(weightDecay: 0.1, decoupled: true), try LAMBUpdate(),
    ]
    for optimizer in optimizers {
      let (graph, variables) = try TrainStepTests.step(optimizer)
      let store = try VariableStore(Harness.sharedContext(family), variables: variables, seed: 3)
      let session = try Session(graph, store: store)
      Harness.keep(store)
      Harness.keep(session)
      for step in 0..<2 {
        let loss = try await session.run([
          "x": Harness.random([5, 12], seed: UInt64(step)),
          "y": Harness.integers([5], below: 5, seed: UInt64(step)),
        ])["loss"]
        #expect(try #require(loss).doubles[0].isFinite)
      }
    }
  }

  /// A faulty kernel that the check must catch; `Scripts/check-kernels` names it.
  static let fault = ProcessInfo.processInfo.environment["GPUML_SEEDED_FAULT"]

  @Test("a seeded fault", .enabled(if: fault != nil, "only to prove that faults are caught"))
  func seededFault() throws {
    let bodies = [
      "race": "x[0] = (float)get_global_id(0);",
      "overrun": "x[get_global_id(0) + 64] = 1.0f;",
      "uninitialized": "x[get_global_id(0)] = x[get_global_id(0) + 8] > 0.0f ? 1.0f : 2.0f;",
    ]
    let body = try #require(KernelCheckTests.fault.flatMap { bodies[$0] })
    let context = try Harness.context(.gpu)
    let program = try context.programs.program(
      source: "__kernel void fault(__global float *x) { \(body) }", options: "-cl-std=CL1.2",
      label: "seeded fault")
    let buffer = try context.pool.allocate(256, label: "x")
    let kernel = try program.kernel("fault")
    try kernel.setArgument(0, buffer: buffer)
    try context.computeQueue.enqueue(kernel, global: WorkSize(8), local: WorkSize(8))
    try context.computeQueue.finish()
  }
}
