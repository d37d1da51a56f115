import Foundation
import GPUMLDevice
import GPUMLGraph
import Testing

@testable import GPUMLRuntime

/// Launches replayed from the driver's command buffers.
@Suite("Replay")
struct ReplayTests {
  static let family = Harness.families[0]

  /// A step with a product, a reduction, random numbers and an update.
  private func trainingStep() throws -> (Graph, [NamedVariable]) {
    let weight = try Variable(shape: [7, 5], initializer: .constant(0.25))
    let x = try Tensor.input("x", shape: [.symbol("n"), 7])
    let sum = try x.matmul(weight.tensor) + Tensor.normal(shape: [5], stream: 1)
    let loss = try (sum * sum).mean()
    let slopes = try gradients(of: loss, withRespectTo: [weight.tensor])
    let graph = try Graph(
      outputs: [.init("loss", loss)],
      updates: SGDUpdate(momentum: 0.5).updates([weight], gradients: slopes))
    return (graph, Harness.named(graph.variables))
  }

  /// The losses and the variables of some steps.
  private func run(_ mode: ReplayMode, _ context: DeviceContext) async throws -> [HostTensor] {
    let (graph, variables) = try trainingStep()
    var options = Harness.planOptions(packing: false)
    options.replay = mode
    let store = try VariableStore(context, variables: variables, seed: 3, options: options)
    let session = try Session(graph, store: store)
    var values: [HostTensor] = []
    for step in 0..<6 as Range<UInt64> {
      let x = try Harness.random([3, 7], seed: step)
      values.append(try #require(try await session.run(["x": x])["loss"]))
    }
    for named in variables { values.append(try await store.value(of: named.variable)) }
    let canReplay = context.commandBuffers != nil
    let finding = try session.replayFinding(["n": 3])
    switch mode {
    case .off, .on:
      #expect(finding == nil)
      #expect(session.isReplayed(["n": 3]) == (mode == .on && canReplay))
    case .measured:
      #expect((finding != nil) == canReplay)
      #expect(session.isReplayed(["n": 3]) == finding?.isReplayed ?? false)
    }
    return values
  }

  @Test("steps give the same bits launched, replayed, and while it is measured which is faster")
  func sameBits() async throws {
    let folder = SeededFault.emptyFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let context = try SelfTestTests.context(folder)
    let launched = try await run(.off, context)
    for mode in [ReplayMode.on, .measured, .measured] {
      let others = try await run(mode, context)
      #expect(others == launched, "\(mode)")
    }
    #expect(Set(launched.prefix(6).map(\.doubles)).count == 6)
    // What was measured is kept for the next process.
    let files = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(files.contains { $0.hasPrefix("replay-") } == (context.commandBuffers != nil))
  }

  @Test("a replay is taken if it is faster by more than chance; long launches are not tried")
  func choice() {
    func finding(_ launched: Double, _ replayed: Double) -> (ReplayFinding, Int) {
      var replays = 0
      let finding = ReplayFinding(label: "test", launches: 10) { isReplayed in
        if isReplayed { replays += 1 }
        return isReplayed ? replayed : launched
      }
      return (finding, replays)
    }
    #expect(finding(100e-6, 80e-6).0.isReplayed)
    #expect(!finding(100e-6, 97e-6).0.isReplayed)
    #expect(!finding(100e-6, 150e-6).0.isReplayed)
    let long = finding(1, 0.1)
    #expect(!long.0.isReplayed && long.1 == 0)
    #expect(finding(100e-6, 80e-6).1 > 3)
    #expect(finding(100e-6, 80e-6).0.text == "test: 100.0 µs launched, 80.0 µs replayed")
  }

  @Test("a record is read back, and only for the devices and in the form it was written for")
  func record() throws {
    let folder = SeededFault.emptyFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    func record(_ subject: [String], format: Int = 1) throws -> CacheRecord<[String: Int]> {
      try #require(
        CacheRecord({ "\(folder)/\($0)" }, name: "test", subject: subject, format: format))
    }
    let first = try record(["a", "b"])
    #expect(first.read() == nil)
    first.write(["x": 1])
    #expect(first.read() == ["x": 1])
    #expect(try record(["a", "c"]).read() == nil)
    #expect(try record(["a", "b"], format: 2).read() == nil)
    try Data("{\"format\": 1".utf8).write(to: URL(fileURLWithPath: first.path))
    #expect(first.read() == nil)
    #expect(CacheRecord<Int>({ _ in nil }, name: "test", subject: [], format: 1) == nil)
  }
}
