import GPUMLDevice
import GPUMLGraph
import Testing

@testable import GPUMLRuntime

@Suite("Matrix product")
struct MatMulTests {
  static let shapes: [(Int, Int, Int)] = [
    (1, 1, 1), (7, 17, 3), (17, 65, 33), (65, 7, 129), (100, 127, 130), (128, 10, 256),
    (1, 512, 300),
    (300, 1, 511), (130, 150, 700), (0, 4, 3), (3, 4, 0),
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
}
