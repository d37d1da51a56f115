import Foundation
import GPUMLDevice
import GPUMLGraph
import GPUMLReference
import Testing

@testable import GPUMLRuntime

@Suite("Self-test of a device", .serialized)
struct SelfTestTests {
  /// Whether the tests may take their time: most of these compile for half a minute.
  static let isFull = ProcessInfo.processInfo.environment["GPUML_FULL"] == "1"

  /// A context of the CPU family with a cache folder of its own.
  static func context(_ folder: String) throws -> DeviceContext {
    try DeviceContext(
      device: #require(try Device.all().first), cacheFolder: folder,
      environment: ["GPUML_KERNELS": "cpu"])
  }

  static func options(_ fault: SeededFault?) -> PlanOptions {
    var options = PlanOptions.ofEnvironment
    options.kernelFolder = fault?.folder
    // Every fault is compiled anew.
    options.buildOptions = "-cl-opt-disable"
    return options
  }

  static func report(
    _ names: [String], _ fault: SeededFault?, trials: Int = 1, cache: String
  ) async throws -> SelfTestReport {
    var settings = SelfTest.Settings()
    settings.subjects = TrialTable.all.filter { names.contains($0.name) }
    settings.trials = trials
    // However slow the machine is.
    settings.limit = nil
    let worker = try SelfTestWorker(options: options(fault)) { try context(cache) }
    var report = await SelfTest(settings, family: .cpu).run(on: [worker])
    try report.keep(in: VariantRecord(context(cache)))
    return report
  }

  /// exp(x) · 3 in one chain, and how it was planned.
  static func run(_ options: PlanOptions, cache: String) async throws -> (Double, [String]) {
    let x = try Tensor.input("x", shape: [1])
    let store = try VariableStore(context(cache), variables: [], seed: 0, options: options)
    let session = try Session(Graph(outputs: [.init("y", x.exp() * 3)]), store: store)
    let value = try await session.run(["x": HostTensor([Float(1)])])["y"]?.doubles.first
    return (try #require(value), try session.plan([:]).launches.map(\.instance.file))
  }

  @Test("a wrong kernel is found, later plans do without it, and it comes back when it is right")
  func seededFault() async throws {
    let cache = SeededFault.emptyFolder()
    defer { try? FileManager.default.removeItem(atPath: cache) }
    let fault = try SeededFault("_cpu", "exp", by: "exp2")
    let exp = KernelVariant("exp", .cpu)
    let found = try await SelfTestTests.report(["exp", "multiply"], fault, cache: cache)
    #expect(found.failures.count == 1 && found.failures.first?.variant == exp)
    #expect(found.disabled == [exp] && found.primitives(.cpu) == 2 && found.trials > 2)

    var options = SelfTestTests.options(fault)
    #expect(try await SelfTestTests.run(options, cache: cache).0 != 3 * M_E, "the fault is none")
    options.disabled = VariantRecord.disabled(on: try SelfTestTests.context(cache))
    #expect(options.disabled == [exp])
    let (value, files) = try await SelfTestTests.run(options, cache: cache)
    #expect(abs(value - 3 * M_E) < 1e-5)
    #expect(files == ["Elementwise/chain_gpu", "Elementwise/chain_cpu"])

    // What is not tried stays disabled; what passes does not.
    #expect(try await SelfTestTests.report(["multiply"], nil, cache: cache).disabled == [exp])
    let mended = try await SelfTestTests.report(["exp"], nil, cache: cache)
    #expect(mended.isHealthy && mended.disabled.isEmpty && mended.enabled == [exp])
    #expect(VariantRecord.disabled(on: try SelfTestTests.context(cache)).isEmpty)
  }

  @Test(
    "a primitive that both families compute wrongly is refused by name",
    .enabled(if: isFull, "only with GPUML_FULL=1"))
  func noneLeft() async throws {
    let cache = SeededFault.emptyFolder()
    defer { try? FileManager.default.removeItem(atPath: cache) }
    let fault = try SeededFault("pu", "exp", by: "exp2")
    let report = try await SelfTestTests.report(["exp"], fault, cache: cache)
    #expect(report.disabled == [KernelVariant("exp", .cpu), KernelVariant("exp", .gpu)])
    var options = SelfTestTests.options(fault)
    options.disabled = report.disabled
    let error = await #expect(throws: RuntimeError.self) {
      _ = try await SelfTestTests.run(options, cache: cache)
    }
    #expect(error?.description.hasPrefix("exp: gpuml doctor found all its kernels wrong") == true)
  }

  @Test(
    "a wrong kernel is told from what it is tried with",
    .enabled(if: isFull, "only with GPUML_FULL=1"))
  func blame() async throws {
    let chain = TrialSubject("chain", "several in one kernel") { random in
      Trial([random.real([5, 7])]) { [try ($0[0].tanh() * 2).exp() - 1] }
    }
    let cache = SeededFault.emptyFolder()
    defer { try? FileManager.default.removeItem(atPath: cache) }
    let fault = try SeededFault("chain_cpu", "exp", by: "exp2")
    var settings = SelfTest.Settings()
    settings.subjects = [chain]
    settings.trials = 1
    let worker = try SelfTestWorker(options: SelfTestTests.options(fault), subjects: [chain]) {
      try SelfTestTests.context(cache)
    }
    let report = await SelfTest(settings, family: .cpu).run(on: [worker])
    #expect(report.failing == [KernelVariant("exp", .cpu)], "\(report.failures)")
    #expect(report.compositions(.cpu) == 1 && report.primitives(.cpu) == 0)
  }

  @Test(
    "a wrong packed product is left for the one in place",
    .enabled(if: isFull, "only with GPUML_FULL=1"))
  func packed() async throws {
    let cache = SeededFault.emptyFolder()
    defer { try? FileManager.default.removeItem(atPath: cache) }
    let fault = try SeededFault("/matmul_cpu", "EPILOGUE_S(a, r, c)", by: "((a) + 1.0f)")
    let report = try await SelfTestTests.report(["matmul"], fault, cache: cache)
    let variant = KernelVariant("matmul", .cpu, .packed)
    #expect(report.failing == [variant], "\(report.failures)")
    var options = SelfTestTests.options(fault)
    options.packsSmallProducts = true
    options.disabled = [variant]
    let context = try SelfTestTests.context(cache)
    let store = try VariableStore(context, variables: [], seed: 0, options: options)
    let x = try Tensor.input("x", shape: [3, 5])
    let session = try Session(
      Graph(outputs: [.init("y", x.matmul(x, transposesRight: true))]), store: store)
    #expect(
      try session.plan([:]).launches.map(\.instance.file) == ["MatMul/matmul_direct_cpu"])
  }

  @Test(
    "a training step is the same however its primitives are spread over the families",
    .enabled(if: isFull, "only with GPUML_FULL=1"))
  func mixedFamilies() async throws {
    let context = try Harness.context(.cpu)
    let (graph, variables) = try TrainStepTests.step(AdamUpdate())
    let inputs = [
      "x": try Harness.random([8, 12], seed: 1),
      "y": try Harness.integers([8], below: 5, seed: 1),
    ]
    func losses(_ disabled: Set<KernelVariant>) async throws -> [Double] {
      var options = PlanOptions.ofEnvironment
      options.disabled = disabled
      let store = try VariableStore(context, variables: variables, seed: 3, options: options)
      let session = try Session(graph, store: store)
      var losses: [Double] = []
      for _ in 0..<3 { losses += try await session.run(inputs)["loss"]?.doubles ?? [] }
      return losses
    }
    let expected = try await losses([])
    let names = PrimitiveRegistry.names
    for share in 0..<3 {
      let disabled = names.enumerated().filter { $0.offset % 3 == share }.map {
        KernelVariant($0.element, .cpu)
      }
      for (loss, reference) in zip(try await losses(Set(disabled)), expected) {
        #expect(abs(loss - reference) < 1e-5 * abs(reference), "share \(share)")
      }
    }
  }
}
