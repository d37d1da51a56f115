import GPUMLDevice
import GPUMLGraph

/// Measures computations that memory limits, beside a copy in the same run.
package struct BandwidthBenchmark: Sendable {
  /// A computation, and the bytes that it must move at least.
  package struct Work: Sendable {
    /// What it is, for people.
    package let name: String
    /// The shape of its main operand.
    package let shape: [Int]
    let outputs: [Graph.Output]
    let updates: [Update]
    /// Bytes that must be read and written, each once.
    package let byteCount: Int
  }

  /// What a computation took.
  package struct Result: Sendable {
    /// The time of each run.
    package let times: MeasuredTimes
    /// Bytes a second.
    package let rate: Double
    /// Bytes a second that a copy of as many bytes moves, read and written.
    package let copyRate: Double
  }

  private static let turns = 8

  private let context: DeviceContext

  package init(_ context: DeviceContext) { self.context = context }

  /// Times a computation, and a copy beside it, by turns.
  ///
  /// - Parameter seconds: How long to measure about.
  package func measure(_ work: Work, seconds: Double) async throws -> Result {
    let run = try await prepared(work)
    let count = max(1, work.byteCount / 8)
    let x = try Tensor.input("x", shape: [Dim(count)])
    // An expansion to the same shape is a copy; a simplified graph would have none.
    let copy = try await prepared(
      Work(
        name: "copy", shape: [count], outputs: [Graph.Output("y", try Expand(to: x.shape)(x))],
        updates: [], byteCount: 8 * count), isRewritten: false)
    // Short turns, and the same statistic of both: the machine's memory may slow down meanwhile.
    func turn(_ body: () async throws -> Void) async throws -> MeasuredTimes {
      try await MeasuredTimes(seconds: seconds / Double(2 * BandwidthBenchmark.turns), body)
    }
    var (times, copyTimes) = (try await turn(run), try await turn(copy))
    for _ in 1..<BandwidthBenchmark.turns {
      times = times.joined(try await turn(run))
      copyTimes = copyTimes.joined(try await turn(copy))
    }
    return Result(
      times: times, rate: Double(work.byteCount) / times.median,
      copyRate: Double(8 * count) / copyTimes.median)
  }

  private func prepared(
    _ work: Work, isRewritten: Bool = true
  ) async throws -> @Sendable () async throws -> Void {
    let graph = try Graph(outputs: work.outputs, updates: work.updates)
    let variables = graph.variables.enumerated().map {
      NamedVariable(name: "v\($0.offset)", variable: $0.element)
    }
    let store = try VariableStore(context, variables: variables)
    let planner = Planner(
      context: context, layout: store.layout, kernels: store.kernels, options: store.options)
    let plan = try planner.plan(
      isRewritten ? Planner.rewritten(graph) : graph, symbols: [:])
    let execution = try Execution(plan, store: store)
    let inputs = plan.inputs.map { input in
      let count = input.shape.reduce(1, *)
      let values = (0..<count).map { Double($0 % 10) / 16 }
      return HostTensor(doubles: values, shape: input.shape, dtype: input.dtype)
    }
    try await execution.enqueue(inputs, binding: 0).waitAsync()
    // An optimizer is measured by itself, without what brings its gradients.
    let purpose: Plan.Segment.Purpose? = work.updates.isEmpty ? nil : .update
    return { try await execution.enqueueLaunches(only: purpose).waitAsync() }
  }
}
