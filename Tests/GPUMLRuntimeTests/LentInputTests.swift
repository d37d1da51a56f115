import FoundationEssentials
import GPUMLDevice
import GPUMLGraph
import Testing

@testable import GPUMLRuntime

/// Inputs that a device of the host's memory reads where they are, on a team's device: see
/// `ThreadTeamTests` for where there is one.
@Suite(
  "Lent inputs",
  .enabled(
    if: ProcessInfo.processInfo.environment["GPUML_TEAM"] != nil
      || (try? Device.all().contains(where: \.isTeam)) == true, "POCL_DEVICES names no team"))
struct LentInputTests {
  private static let count = 1 << 15
  private let store: VariableStore

  init() throws {
    let device = try #require(try Device.all().first(where: \.isTeam))
    let context = try DeviceContext(device: device, cacheFolder: "", environment: [:])
    #expect(context.readsHostMemory)
    store = try VariableStore(context, variables: [], seed: 1)
  }

  private func values(_ offset: Int) -> [Float] {
    (0..<Self.count).map { Float(($0 + offset) % 101) }
  }

  private func array(of tensor: HostTensor?) -> [Float]? {
    guard case .float32(let values)? = tensor?.storage else { return nil }
    return values
  }

  private func place(of values: [Float]) -> UnsafeRawPointer? {
    values.withUnsafeBytes { $0.baseAddress }
  }

  @Test("give the same results as copied ones, whatever came before")
  func results() async throws {
    let x = try Tensor.input("x", shape: [.symbol("n")])
    let y = try Tensor.input("y", shape: [.symbol("n")])
    // One large and one small input, each read by several launches.
    let small = try Tensor.input("small", shape: [3])
    let graph = try Graph(outputs: [
      .init("sum", (x + y).sum()), .init("most", x.max(axes: [0])), .init("twice", y * 2),
      .init("small", small + 1),
    ])
    let session = try Session(graph, store: store)
    for offset in 0..<5 {
      let (first, second) = (values(offset), values(7 * offset + 3))
      let outputs = try await session.run([
        "x": HostTensor(first, shape: [Self.count]), "y": HostTensor(second, shape: [Self.count]),
        "small": HostTensor([1, 2, Float(offset)], shape: [3]),
      ])
      let sum = zip(first, second).reduce(0.0) { $0 + Double($1.0 + $1.1) }
      #expect(outputs["sum"]?.doubles == [sum])
      #expect(outputs["most"]?.doubles == [100])
      #expect(array(of: outputs["twice"]) == second.map { $0 * 2 })
      #expect(outputs["small"]?.doubles == [2, 3, Double(offset) + 1])
    }
  }

  @Test("are given back: whoever changes the array afterwards changes no copy")
  func givenBack() async throws {
    let x = try Tensor.input("x", shape: [Dim(Self.count)])
    let session = try Session(Graph(outputs: [.init("y", x + 1)]), store: store)
    var values = values(0)
    let place = place(of: values)
    for round in 0..<3 {
      let y = try await session.run(["x": HostTensor(values, shape: [Self.count])])["y"]
      #expect(array(of: y) == values.map { $0 + 1 })
      values[round] = -1
      #expect(self.place(of: values) == place, "round \(round)")
    }
  }

  @Test("may be outputs as they came, and may stay for launches alone")
  func kept() async throws {
    let x = try Tensor.input("x", shape: [Dim(Self.count)])
    let session = try Session(Graph(outputs: [.init("x", x), .init("y", x * 3)]), store: store)
    let values = values(5)
    let outputs = try await session.run(["x": HostTensor(values, shape: [Self.count])])
    #expect(array(of: outputs["x"]) == values)
    #expect(array(of: outputs["y"]) == values.map { $0 * 3 })

    // The second step lends its input, and what then launches alone reads the first one's.
    let counter = try Variable(shape: [], initializer: .constant(0))
    let counting = try VariableStore(
      store.context, variables: Harness.named([counter]), seed: 1)
    let graph = try Graph(
      outputs: [], updates: [Update(variable: counter, value: counter.tensor + x.sum())])
    let execution = try Execution(Session(graph, store: counting).plan([:]), store: counting)
    let ones = try HostTensor([Float](repeating: 1, count: Self.count), shape: [Self.count])
    let twos = try HostTensor([Float](repeating: 2, count: Self.count), shape: [Self.count])
    try await execution.enqueue([ones], binding: 0).waitAsync()
    try await execution.enqueue([twos], binding: 0, leavesInputs: false).waitAsync()
    #expect(try await counting.value(of: counter).doubles == [Double(3 * Self.count)])
    try await execution.enqueueLaunches().waitAsync()
    #expect(try await counting.value(of: counter).doubles == [Double(4 * Self.count)])
  }
}
