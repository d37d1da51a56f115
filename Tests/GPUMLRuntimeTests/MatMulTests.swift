import GPUMLDevice
import GPUMLGraph
import GPUMLReference
import Testing

@testable import GPUMLRuntime

@Suite("Matrix product")
struct MatMulTests {
  static let shapes: [(Int, Int, Int)] = [
    (1, 1, 1), (7, 17, 3), (17, 65, 33), (65, 7, 129), (100, 127, 130), (128, 10, 256),
    (1, 512, 300),
    (300, 1, 511), (130, 150, 700), (131, 33, 1100), (33, 131, 1100), (20, 65, 1024), (0, 4, 3),
    (3, 4, 0),
  ]

  @Test(
    "agrees with float64 for all transposes and ragged sizes", arguments: shapes, Harness.families)
  func product(size: (Int, Int, Int), family: KernelFamily) async throws {
    let (m, n, k) = size
    for (left, right) in [(false, false), (true, false), (false, true), (true, true)] {
      let a = try Tensor.input("a", shape: left ? [Dim(k), Dim(m)] : [Dim(m), Dim(k)])
      let b = try Tensor.input("b", shape: right ? [Dim(n), Dim(k)] : [Dim(k), Dim(n)])
      let product = try a.matmul(b, transposesLeft: left, transposesRight: right)
      let inputs = [
        "a": try Harness.random(left ? [k, m] : [m, k], seed: 1),
        "b": try Harness.random(right ? [n, k] : [k, n], seed: 2),
      ]
      // K·2⁻²³·Σ|terms| with terms of about 1.
      try await Harness.compare(
        [product], inputs, family: family, relative: 1e-5,
        absolute: Double(k * k) * 0x1p-23 + 1e-6, note: "\(size) \(left) \(right)")
    }
  }

  @Test("trials agree in panels and tiles too", arguments: Harness.families)
  func packedTrials(family: KernelFamily) async throws {
    let conformance = try Conformance(
      Harness.sharedContext(family), seed: ConformanceTests.seed,
      options: Harness.planOptions(packing: true))
    let subject = try ConformanceTests.subject(MatMul.name)
    let share = 25
    // Tiles are what takes longest to compile.
    let trials = max(8, ConformanceTests.trials / 4)
    for start in stride(from: 0, to: trials, by: share) {
      let cases = try (start..<min(start + share, trials)).map {
        try TrialCase(subject, place: $0, seed: ConformanceTests.seed)
      }
      for failure in await conformance.failures(cases) {
        Issue.record("\(family), seed \(ConformanceTests.seed), \(failure)")
      }
    }
  }

  @Test("finishes with bias and activation in the same launch", arguments: Harness.families)
  func epilogue(family: KernelFamily) async throws {
    for (m, n, k) in [(5, 7, 3), (33, 47, 65), (128, 130, 200)] {
      let x = try Tensor.input("x", shape: [.symbol("batch"), Dim(k)])
      let w = try Tensor.input("w", shape: [Dim(n), Dim(k)])
      let b = try Tensor.input("b", shape: [Dim(n)])
      let r = try Tensor.input("r", shape: [.symbol("batch"), Dim(n)])
      let y = try (x.matmul(w, transposesRight: true) + b).gelu() * 2 + r
      let inputs = [
        "x": try Harness.random([m, k], seed: 1), "w": try Harness.random([n, k], seed: 2),
        "b": try Harness.random([n], seed: 3), "r": try Harness.random([m, n], seed: 4),
      ]
      try await Harness.compare(
        [y], inputs, family: family, relative: 1e-4, absolute: Double(k) * 1e-5)
      let store = try VariableStore(Harness.sharedContext(family), variables: [])
      let session = try Session(Graph(outputs: [Graph.Output("y", y)]), store: store)
      let plan = try session.plan(["batch": m])
      #expect(plan.launches.count <= 2, "\(plan)")
    }
  }

  /// Sizes of batches for left and right, and of matrices.
  static let batches: [([Int], [Int], (Int, Int, Int))] = [
    ([3], [3], (5, 7, 9)), ([2, 3], [], (5, 7, 9)), ([], [2, 3], (17, 33, 40)),
    ([2, 1], [1, 3], (20, 18, 33)), ([2, 3, 2], [3, 1], (3, 5, 7)),
    ([2, 3], [2, 1], (18, 40, 24)),
    // Axes that repeat by turns: kernels count through three at most.
    ([2, 1, 2, 1], [1, 2, 1, 2], (3, 2, 4)), ([1, 2, 1, 2, 1], [2, 1, 2, 1, 2], (1, 3, 4)),
    ([4], [4], (1, 40, 80)), ([4], [4], (70, 1, 90)), ([0], [1], (2, 2, 2)), ([2], [2], (3, 4, 0)),
    ([3], [1], (1, 1, 70)),
  ]

  @Test(
    "batches agree with float64, in place, in panels and stored with 16 bits",
    arguments: batches.indices, Harness.families)
  func batch(index: Int, family: KernelFamily) async throws {
    let (leftBatch, rightBatch, (m, n, k)) = MatMulTests.batches[index]
    for (left, right) in [(false, false), (true, false), (false, true), (true, true)] {
      let shapes = [
        leftBatch + (left ? [k, m] : [m, k]), rightBatch + (right ? [n, k] : [k, n]),
      ]
      let inputs = [
        "a": try Harness.random(shapes[0], seed: 1), "b": try Harness.random(shapes[1], seed: 2),
      ]
      let a = try Tensor.input("a", shape: [Dim](shapes[0]))
      let b = try Tensor.input("b", shape: [Dim](shapes[1]))
      let product = try a.matmul(b, transposesLeft: left, transposesRight: right)
      for packing in [false, true] {
        try await Harness.compare(
          [product], inputs, family: family, relative: 1e-5,
          absolute: Double(k * k) * 0x1p-23 + 1e-6, note: "\(shapes) \(left) \(right) \(packing)",
          packing: packing)
        // What is rounded before is the reference's too.
        let half = try a.cast(to: .float16).matmul(
          b.cast(to: .float16), transposesLeft: left, transposesRight: right)
        try await Harness.compare(
          [half], inputs, family: family, relative: 4e-3, absolute: Double(k) * 4e-3 + 1e-3,
          note: "\(shapes) \(left) \(right) \(packing), half", packing: packing)
      }
    }
  }

  @Test(
    "a batch finishes with operands of any broadcast in its own launches",
    arguments: Harness.families)
  func batchEpilogue(family: KernelFamily) async throws {
    let shapes: [String: [Int]] = [
      "q": [2, 3, 9, 20], "k": [2, 3, 17, 20], "mask": [2, 1, 9, 17], "bias": [17],
      "row": [3, 1, 17], "column": [2, 3, 9, 1], "w": [20, 17], "full": [2, 3, 9, 17],
    ]
    let tensors = try Dictionary(
      uniqueKeysWithValues: shapes.map { ($0, try Tensor.input($0, shape: [Dim]($1))) })
    func tensor(_ name: String) throws -> Tensor { try #require(tensors[name]) }
    let scores = try tensor("q").matmul(tensor("k"), transposesRight: true)
    // The second has one right operand for all rows, the third is stored with 16 bits.
    let results = [
      try (scores * 0.25 + tensor("mask") + tensor("row")).tanh() * tensor("column"),
      try (tensor("q").matmul(tensor("w")) + tensor("bias")).relu() + tensor("mask")
        * tensor("full"),
      try
        (tensor("q").cast(to: .bfloat16).matmul(tensor("w").cast(to: .bfloat16))
        + tensor("bias").cast(to: .bfloat16)).relu(),
    ]
    let inputs = try shapes.mapValues { try Harness.random($0, seed: UInt64($0.reduce(0, +))) }
    for (place, result) in results.enumerated() {
      let graph = try Graph(outputs: [.init("y", result)])
      let names = Set(graph.inputs.map(\.label))
      for packing in [false, true] {
        let tolerance = place == 2 ? 3e-2 : 1e-4
        try await Harness.compare(
          [result], inputs.filter { names.contains($0.key) }, family: family, relative: tolerance,
          absolute: place == 2 ? 2e-1 : 1e-4, packing: packing)
        let store = try VariableStore(
          Harness.sharedContext(family), variables: [], seed: 5,
          options: Harness.planOptions(packing: packing))
        let plan = try Session(graph, store: store).plan([:])
        // Panels on a CPU are packed in a launch before; 16-bit copies of three operands come first.
        let packs = packing && family == .cpu ? 2 : 1
        #expect(plan.launches.count == packs + (place == 2 ? 3 : 0), "\(plan)")
      }
    }
  }

  @Test("a product with one right operand for a whole batch is one product")
  func tall() throws {
    let shape = try #require(MatMulShape(MatMul(transposesRight: true), [2, 3, 5, 7], [1, 11, 7]))
    #expect(shape.rows == 30)
    #expect(shape.batch.isSingle)
    let shared = try #require(MatMulShape(MatMul(), [2, 3, 5, 7], [2, 1, 7, 11]))
    #expect(shared.rows == 15)
    #expect(shared.batch.count == 2)
    // The rows of transposed matrices do not follow one another.
    let transposed = try #require(MatMulShape(MatMul(transposesLeft: true), [2, 7, 5], [7, 11]))
    #expect(transposed.rows == 5)
    #expect(transposed.batch.count == 2)
    #expect(transposed.batch.rightCount == 1)
  }

  @Test("sizes beyond what kernels address are errors", arguments: Harness.families)
  func tooLarge(family: KernelFamily) throws {
    let x = try Tensor.input("x", shape: [1, 1])
    let store = try VariableStore(Harness.sharedContext(family), variables: [])
    let huge = Dim(1 << 40)
    for shape in [[huge, huge], [0, huge, huge], [huge, 0, huge]] {
      let wide = try x.expanded(to: shape)
      let product = try wide.matmul(wide, transposesRight: true) + 1
      #expect(throws: RuntimeError.self, "\(shape.text)") {
        try Session(Graph(outputs: [.init("y", product)]), store: store).plan([:])
      }
    }
  }
}
