import GPUMLDevice
import GPUMLGraph

/// Measures kernels by themselves, without transfers.
package struct KernelBenchmark: Sendable {
  private let context: DeviceContext
  private let store: VariableStore
  private let planner: Planner

  package init(_ context: DeviceContext) throws {
    self.context = context
    store = try VariableStore(context, variables: [])
    planner = Planner(
      context: context, layout: store.layout, kernels: store.kernels, options: store.options)
  }

  /// What a matrix product took and gave.
  package struct Product: Sendable {
    /// The time of each run, packing included.
    package let times: MeasuredTimes
    /// The product of the operands, row by row.
    package let result: [Float]
  }

  /// Times `left [rows, depth] · right [depth, columns]`, all row-major.
  ///
  /// - Parameters:
  ///   - transposesLeft: `left` is [depth, rows].
  ///   - transposesRight: `right` is [columns, depth].
  ///   - seconds: How long to measure about.
  package func product(
    _ left: HostTensor, _ right: HostTensor, transposesLeft: Bool = false,
    transposesRight: Bool = false, seconds: Double
  ) async throws -> Product {
    let a = try Tensor.input("a", shape: [Dim](left.shape))
    let b = try Tensor.input("b", shape: [Dim](right.shape))
    let graph = try Graph(outputs: [
      .init(
        "c", a.matmul(b, transposesLeft: transposesLeft, transposesRight: transposesRight))
    ])
    let plan = try planner.plan(Planner.rewritten(graph), symbols: [:])
    let execution = try Execution(plan, store: store)
    let values = plan.inputs.map { $0.name == "a" ? left : right }
    try await execution.enqueue(values, binding: 0).waitAsync()
    let result = try execution.results(binding: 0).outputs["c"]?.values(as: Float.self) ?? []
    let times = try await MeasuredTimes(seconds: seconds) {
      try await execution.enqueueLaunches().waitAsync()
    }
    return Product(times: times, result: result)
  }

  /// The multiply-adds that the device can do, counted as two operations each, a second.
  package func peakOperationsPerSecond(seconds: Double) async throws -> Double {
    let instance = KernelInstance(file: "MatMul/peak_fma")
    try store.kernels.prepare([instance])
    let width = store.kernels.vectorWidth
    let isCPU = context.kernelFamily == .cpu
    // Enough work-items to fill every unit, in even shares.
    let items = context.device.computeUnits * (isCPU ? 32 : 2048)
    let kernel = try store.kernels.kernel("peak_fma", of: instance)
    let seed = try context.pool.allocate(8, label: "seed")
    let sums = try context.pool.allocate(items * 4, label: "sums")
    try context.computeQueue.write([Float](arrayLiteral: 0.5, 1), to: seed)
    try kernel.setArgument(0, buffer: seed)
    try kernel.setArgument(1, buffer: sums)
    func run(rounds: Int) async throws {
      try kernel.setArgument(2, value: Int32(rounds))
      _ = try context.computeQueue.enqueue(
        kernel, global: WorkSize(items), local: WorkSize(isCPU ? 1 : 64))
      let end = try context.computeQueue.marker()
      try context.computeQueue.flush()
      try await end.waitAsync()
    }
    let trial = 1000
    try await run(rounds: trial)
    let short = try await MeasuredTimes(seconds: seconds / 10) { try await run(rounds: trial) }
    // Some 20 ms a run, so that starting it does not count.
    let rounds = Int(min(1e6, max(1000, Double(trial) * 0.02 / max(short.minimum, 1e-9))))
    let times = try await MeasuredTimes(seconds: seconds) { try await run(rounds: rounds) }
    let chains = 12
    return 2 * Double(items) * Double(rounds) * Double(chains * width) / times.minimum
  }
}
