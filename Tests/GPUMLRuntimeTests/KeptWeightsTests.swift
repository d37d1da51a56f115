import GPUMLDevice
import GPUMLGraph
import Testing

@testable import GPUMLRuntime

@Suite("Kept weights", .enabled(if: Harness.families.contains(.cpu)))
struct KeptWeightsTests {
  private static let (columns, depth) = (37, 21)
  private let weights: Variable
  private let graph: Graph
  private let store: VariableStore

  init() throws {
    weights = try Variable(
      shape: [KeptWeightsTests.columns, KeptWeightsTests.depth], initializer: .constant(1))
    let x = try Tensor.input("x", shape: [.symbol("batch"), Dim(KeptWeightsTests.depth)])
    graph = try Graph(outputs: [
      .init("y", x.matmul(weights.tensor, transposesRight: true).relu())
    ])
    store = try VariableStore(
      Harness.sharedContext(.cpu), variables: Harness.named([weights]), seed: 1,
      options: Harness.planOptions(packing: true))
  }

  /// Small whole numbers, so that sums are exact.
  private func numbers(_ shape: [Int], _ offset: Int) throws -> HostTensor {
    try HostTensor(
      (0..<shape.reduce(1, *)).map { Float(($0 * 7 + offset) % 11 - 5) }, shape: shape)
  }

  private func check(_ session: Session, _ value: HostTensor, rows: Int) async throws {
    let (columns, depth) = (KeptWeightsTests.columns, KeptWeightsTests.depth)
    let x = try numbers([rows, depth], rows)
    let (left, right) = (x.doubles, value.doubles)
    let expected = (0..<rows * columns).map { place in
      let (row, column) = (place / columns, place % columns)
      return max(
        0, (0..<depth).reduce(0) { $0 + left[row * depth + $1] * right[column * depth + $1] })
    }
    #expect(try await session.run(["x": x])["y"]?.doubles == expected, "\(rows) rows")
  }

  @Test("follow every change of the variables")
  func changes() async throws {
    let session = try Session(graph, store: store)
    for (offset, rows) in [(1, 9), (2, 9), (3, 30), (4, 9)] {
      let value = try numbers([KeptWeightsTests.columns, KeptWeightsTests.depth], offset)
      try await store.setValue(value, of: weights)
      try await check(session, value, rows: rows)
      try await check(session, value, rows: rows)
    }
    let doubling = try Session(
      Graph(outputs: [], updates: [Update(variable: weights, value: weights.tensor * 2)]),
      store: store)
    for rows in [9, 30] {
      _ = try await doubling.run()
      try await check(session, try await store.value(of: weights), rows: rows)
    }
  }

  @Test("are packed once for products of all sizes, and never where a step changes them")
  func sharing() throws {
    let session = try Session(graph, store: store)
    let plans = try [9, 30].map { try session.plan(["batch": $0]) }
    for plan in plans {
      #expect(plan.preparations.count == 1, "\(plan)")
      // The left operand is read where it is.
      #expect(plan.launches.count == 1, "\(plan)")
    }
    let executions = try plans.map { try Execution($0, store: store) }
    #expect(store.prepared.count == 1)
    withExtendedLifetime(executions) {}
    let training = try Session(
      Graph(
        outputs: graph.outputs,
        updates: [Update(variable: weights, value: weights.tensor * 2)]), store: store)
    #expect(try training.plan(["batch": 9]).preparations.isEmpty)
  }

  @Test("go with the last execution that needs them")
  func release() throws {
    do {
      let session = try Session(graph, store: store)
      let execution = try Execution(session.plan(["batch": 9]), store: store)
      withExtendedLifetime(execution) { #expect(store.prepared.count == 1) }
    }
    #expect(store.prepared.count == 0)
  }
}
