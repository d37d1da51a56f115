import FoundationEssentials
import GPUMLDevice
import GPUMLGraph
import Testing

@testable import GPUMLRuntime

/// Small runs of products, optimizers and the benchmark's kernel, meant for Oclgrind
/// (`Scripts/check-kernels`), which sees races, overruns and uninitialised reads that PoCL forgives.
/// They check values too, so they are tests everywhere.
@Suite("Kernel check", .serialized)
struct KernelCheckTests {
  /// A product: its sizes, its form, and which of the outputs are computed.
  private struct Product {
    let rows, columns, depth: Int
    /// Whether panels or tiles are tried rather than what reads in place.
    var packing = true
    /// Whether terms are summed in many turns.
    var cutting = false
    var outputs = 0..<4
  }

  /// Tiles of a GPU have 64 rows, 64 columns and 16 terms, whatever of these is there, and each takes
  /// a tool a second: two along each direction, for each way to read an operand. On a CPU work-items
  /// take several panels only where there are many, and along both directions only where terms are
  /// summed in turns; an operand is packed in slices of 256 terms.
  private static func products(_ family: KernelFamily) -> [Product] {
    let inPlace = [(5, 7, 3), (16, 16, 16), (33, 18, 21)].map {
      Product(rows: $0.0, columns: $0.1, depth: $0.2, packing: false)
    }
    if family == .gpu {
      return inPlace + [
        Product(rows: 66, columns: 66, depth: 3, outputs: 0..<2),
        Product(rows: 5, columns: 7, depth: 19, outputs: 2..<4),
      ]
    }
    return inPlace + [
      Product(rows: 5, columns: 7, depth: 3), Product(rows: 40, columns: 66, depth: 5),
      Product(rows: 13, columns: 9, depth: 70, cutting: true),
      Product(rows: 3, columns: 260, depth: 34, cutting: true, outputs: 0..<1),
      Product(rows: 5, columns: 7, depth: 260, outputs: 0..<2),
    ]
  }

  @Test("products of all forms", arguments: Harness.families)
  func products(family: KernelFamily) async throws {
    for product in KernelCheckTests.products(family) {
      let (m, n, k) = (product.rows, product.columns, product.depth)
      let x = try Tensor.input("x", shape: [Dim(m), Dim(k)])
      let w = try Tensor.input("w", shape: [Dim(n), Dim(k)])
      let b = try Tensor.input("b", shape: [Dim(n)])
      let v = try Tensor.input("v", shape: [Dim(k), Dim(n)])
      let u = try Tensor.input("u", shape: [Dim(k), Dim(m)])
      // Of two neighbours each operand is transposed once.
      let outputs = [
        try (x.matmul(w, transposesRight: true) + b).relu(),
        try u.matmul(v, transposesLeft: true), try x.matmul(v),
        try u.matmul(w, transposesLeft: true, transposesRight: true) * 2,
      ]
      let inputs = [
        "x": try Harness.random([m, k], seed: 1), "w": try Harness.random([n, k], seed: 2),
        "b": try Harness.random([n], seed: 3), "v": try Harness.random([k, n], seed: 4),
        "u": try Harness.random([k, m], seed: 5),
      ]
      try await KernelCheckTests.compare(
        Array(outputs[product.outputs]), inputs, depth: k, family: family,
        packing: product.packing, cutting: product.cutting)
    }
  }

  @Test("products summed in slices", arguments: Harness.families)
  func slicedProducts(family: KernelFamily) async throws {
    // The second has a vector's form, and both a slice that is shorter than the others.
    for (m, n) in [(3, 2), (1, 2)] {
      let k = 270
      let x = try Tensor.input("x", shape: [Dim(m), Dim(k)])
      let w = try Tensor.input("w", shape: [Dim(n), Dim(k)])
      let outputs = [try x.matmul(w, transposesRight: true)]
      try await KernelCheckTests.compare(
        outputs,
        ["x": try Harness.random([m, k], seed: 1), "w": try Harness.random([n, k], seed: 2)],
        depth: k, family: family, cutting: true)
      let launches = try Harness.launches(outputs, family: family, cutting: true)
      // Slices that are alike, the last one, and their sum.
      #expect(launches.count == 3, "\(launches.map(\.label))")
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
      var outputs = [
        try (x.matmul(w, transposesRight: true) + b).relu(),
        try x.cast(to: .bfloat16).matmul(v.cast(to: .bfloat16)),
      ]
      if !packing || family == .cpu {
        outputs += [
          try x.matmul(v), try u.matmul(v, transposesLeft: true),
          try u.matmul(w, transposesLeft: true, transposesRight: true) * 2,
          try x.cast(to: .float16).matmul(w.cast(to: .float16), transposesRight: true),
        ]
      }
      // Whole numbers have one form.
      if !packing {
        outputs += [try i.matmul(i, transposesRight: true), try i.matmul(i, transposesLeft: true)]
      }
      try await KernelCheckTests.compare(
        outputs,
        [
          "x": try Harness.random([2, 1, m, k], seed: 1),
          "w": try Harness.random([2, n, k], seed: 2), "b": try Harness.random([2, 1, n], seed: 3),
          "v": try Harness.random([2, k, n], seed: 4),
          "u": try Harness.random([2, 1, k, m], seed: 5),
          "i": try Harness.integers([2, n, k], below: 9, seed: 6),
        ], depth: k, family: family, packing: packing)
    }
  }

  @Test(
    "products by the twin of matrix units, of all types, ragged and transposed",
    .enabled(if: Harness.families.contains(.gpu)))
  func matrixUnits() async throws {
    // Two warps, two tiles along each direction and in turns over the terms.
    let options = MatrixUnitTests.options(MatMulMatrixTile(16, 16, 1, 2, words: 8))
    for (m, n, k, turned) in [(17, 18, 12, false), (5, 7, 19, true)] {
      let x = try Tensor.input("x", shape: turned ? [2, Dim(k), Dim(m)] : [Dim(m), Dim(k)])
      let w = try Tensor.input("w", shape: turned ? [2, Dim(n), Dim(k)] : [Dim(k), Dim(n)])
      let b = try Tensor.input("b", shape: [Dim(n)])
      let outputs = try MatrixOperand.allCases.map { operand in
        let product = try x.cast(to: operand.dtype).matmul(
          w.cast(to: operand.dtype), transposesLeft: turned, transposesRight: turned)
        return try (operand == .tf32 ? product + b : product).relu()
      }
      try await Harness.compareSums(
        outputs,
        [
          "x": MatrixUnitTests.random(turned ? [2, k, m] : [m, k], seed: 1),
          "w": MatrixUnitTests.random(turned ? [2, n, k] : [k, n], seed: 2),
          "b": Harness.random([n], seed: 3),
        ], terms: k + 3, family: .gpu, options: options)
      #expect(
        try Harness.launches(outputs, family: .gpu, options: options)
          .count { $0.function == MatMulMatrixTile.function } == 3)
    }
  }

  /// Three more roundings than terms: the bias, the factor, and the reference's own.
  private static func compare(
    _ outputs: [Tensor], _ inputs: [String: HostTensor], depth: Int, family: KernelFamily,
    packing: Bool = false, cutting: Bool = false
  ) async throws {
    let names = Set(
      try Graph(outputs: outputs.enumerated().map { Graph.Output("\($0.offset)", $0.element) })
        .inputs.map(\.label))
    try await Harness.compareSums(
      outputs, inputs.filter { names.contains($0.key) }, terms: depth + 3, family: family,
      packing: packing, cutting: cutting)
  }

  @Test("training steps follow the reference", arguments: Harness.families)
  func steps(family: KernelFamily) async throws {
    let optimizers: [any UpdatePrimitive] = [
      try SGDUpdate(momentum: 0.9, nesterov: true),
      try AdamUpdate(weightDecay: 0.1, decoupled: true), try LAMBUpdate(),
    ]
    for optimizer in optimizers {
      try await TrainStepTests.follow(optimizer, steps: 2, family: family)
    }
  }

  @Test("the benchmark's kernel multiplies and adds", arguments: Harness.families)
  func peak(family: KernelFamily) async throws {
    let context = try Harness.sharedContext(family)
    let library = KernelLibrary(context, options: Harness.planOptions(packing: false))
    let instance = KernelInstance(file: "MatMul/peak_fma")
    try library.prepare([instance])
    let kernel = try library.kernel("peak_fma", of: instance)
    let seed = try context.pool.allocate(8, label: "seed")
    let sums = try context.pool.allocate(8, label: "sums")
    try context.computeQueue.write([Float](arrayLiteral: 0.5, 1), to: seed)
    try kernel.setArgument(0, buffer: seed)
    try kernel.setArgument(1, buffer: sums)
    try kernel.setArgument(2, value: Int32(3))
    try context.computeQueue.enqueue(kernel, global: WorkSize(2), local: WorkSize(1))
    let values: [Float] = try context.computeQueue.read(sums, count: 2)
    // Chain i goes from i to (i / 2 + 1) and so on, in every lane.
    var total: Float = 0
    for chain in 0..<12 {
      var value = Float(chain)
      for _ in 0..<3 { value = value / 2 + 1 }
      total += value * Float(library.vectorWidth)
    }
    #expect(values == [total, total])
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
