import FoundationEssentials
import GPUMLDevice
import GPUMLGraph
import Testing

@testable import GPUMLRuntime

/// Small runs of every kernel, meant for Oclgrind (`Scripts/check-kernels`), which sees races,
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

  @Test("chains, reductions, losses, layout and random numbers", arguments: Harness.families)
  func others(family: KernelFamily) async throws {
    for (rows, columns) in [(1, 1), (5, 7), (9, 33)] {
      let x = try Tensor.input("x", shape: [Dim(rows), Dim(columns)])
      let c = try Tensor.input("c", shape: [Dim(columns)])
      let r = try Tensor.input("r", shape: [Dim(rows), 1])
      let y = try Tensor.input("y", shape: [Dim(rows)], dtype: .int32)
      let losses = try x.softmaxCrossEntropy(labels: y)
      let cube =
        try (x.reshaped(to: [Dim(rows), 1, Dim(columns)]) + r.reshaped(to: [1, Dim(rows), 1]))
      let inputs = [
        "x": try Harness.random([rows, columns], seed: 1),
        "c": try Harness.random([columns], seed: 2), "r": try Harness.random([rows, 1], seed: 3),
        "y": try Harness.integers([rows], below: columns, seed: 4),
      ]
      try await Harness.compare(
        [
          try (x * c + r).gelu(), try x.sum(axes: [0]), try x.mean(axes: [1]), try x.max(),
          try x.argmax(axis: 0), try x.argmax(axis: 1), losses,
          try gradients(of: losses.sum(), withRespectTo: [x])[0], try x.softmax(),
          try x.transposed(), try cube.transposed([2, 0, 1]), try cube.sum(axes: [1]),
          try x.dropout(rate: 0.5, stream: 1), try .normal(shape: [Dim(columns)], stream: 2),
          try y.cast(to: .uint8), try x.isLess(0),
        ], inputs, family: family, relative: 1e-4, absolute: 2e-5)
      // Stored with 11 and 8 bits.
      try await Harness.compare(
        [try x.cast(to: .float16) * 2, try x.cast(to: .bfloat16).max(axes: [0])],
        ["x": inputs["x"] ?? HostTensor(scalar: Float(0))], family: family, relative: 8e-3)
    }
    // Long enough for a reduction in two launches.
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
