import Foundation
import GPUMLFormats
import GPUMLReference
import TestSupport
import Testing

@testable import GPUMLCommand
@testable import GPUMLRuntime

@Suite("gpuml doctor", .serialized)
struct DoctorTests {
  /// Whether the tests may take their time.
  static let isFull = ProcessInfo.processInfo.environment["GPUML_FULL"] == "1"

  /// Copies of the kernels for CPUs that begin with a line of their own.
  private func seed(_ line: String, in folder: String) throws {
    for name in KernelFiles.names where name.hasSuffix("_cpu") {
      let path = URL(fileURLWithPath: "\(folder)/\(name).cl")
      try FileManager.default.createDirectory(
        at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
      try "\(line)\n\(KernelFiles.text(name))\n#undef exp_below_v\n".write(
        to: path, atomically: true, encoding: .utf8)
    }
  }

  /// An environment in which kernels for CPUs are used, with a cache of its own.
  private func environment(_ folder: String, faulty: Bool = false) -> [String: String] {
    let settings = [
      "GPUML_CACHE": folder + "/cache", "GPUML_KERNELS": "cpu",
      // Every fault is compiled anew.
      "GPUML_BUILD_OPTIONS": "-cl-opt-disable",
    ]
    return faulty ? settings.merging(["GPUML_KERNEL_FILES": folder + "/faulty"]) { $1 } : settings
  }

  @Test("a device in order passes, and scripts can read the counts")
  func healthy() async throws {
    try await TemporaryFolder.use { folder in
      let outcome = try await CommandLineTool.run(
        ["doctor", "--only", "add,matmul", "--trials", "1", "--json"], in: folder,
        environment: environment(folder))
      #expect(outcome.code == 0, "\(outcome.errors)\(outcome.output)")
      let summary = try #require(try outcome.objects().last)
      #expect(summary["primitives"]?.integer == 2 && summary["failures"]?.integer == 0)
      // One of each in each family, and of packed products three and one.
      #expect(summary["trials"]?.integer == 8 && summary["skipped"]?.integer == 0)
      #expect(summary["complete"]?.bool == true && summary["untried"]?.elements?.isEmpty == true)
      #expect(summary["family"]?.text == "cpu" && summary["fallback"]?.text == "gpu")
      #expect(outcome.errorLines.count == 2)
    }
  }

  @Test("a wrong kernel is told and disabled; runs are right without it, until it is mended")
  func seededFault() async throws {
    try await TemporaryFolder.use { folder in
      try seed("#define exp_below_v(x) exp_below_v((x) * 0.7f)", in: folder + "/faulty")
      let (healthy, faulty) = (environment(folder), environment(folder, faulty: true))
      let names = "softmax_cross_entropy,softmax_cross_entropy_gradient,softmax"
      func doctor(_ environment: [String: String]) async throws -> CommandLineTool.Outcome {
        try await CommandLineTool.run(
          ["doctor", "--only", names, "--trials", "1"], in: folder, environment: environment)
      }
      func loss(_ environment: [String: String]) async throws -> (Double, [String]) {
        let outcome = try await CommandLineTool.run(
          ["train", "--epochs", "1", "--json"], in: folder, environment: environment)
        let done = try #require(try outcome.objects().last)
        let warnings = outcome.errorLines.filter { $0.hasPrefix("gpuml: warning: ") }
        return (try #require(done["train_loss"]?.number), warnings)
      }
      let (right, none) = try await loss(healthy)
      #expect(none.isEmpty)
      #expect(abs(try await loss(faulty).0 - right) > 0.01, "the fault is none")

      let found = try await doctor(faulty)
      #expect(found.code == 1, "\(found.output)\(found.errors)")
      #expect(found.lines.count { $0.hasPrefix("FAILED cpu kernels: softmax") } == 3)
      let (mended, warnings) = try await loss(faulty)
      #expect(abs(mended - right) < 1e-3 * right)
      #expect(warnings.count == 1 && warnings[0].contains("softmax (cpu kernels)"))

      let again = try await doctor(healthy)
      #expect(again.code == 0 && again.output.contains("enabled again"), "\(again.output)")
      #expect(try await loss(healthy).1.isEmpty)
    }
  }

  @Test("a kernel that crashes its driver costs one trial")
  func crash() async throws {
    try await TemporaryFolder.use { folder in
      // In a chain with exp alone, so that others pass.
      try seed("#define exp(x) (*(volatile float *)8 = 1.0f, x)", in: folder + "/faulty")
      let outcome = try await CommandLineTool.run(
        ["doctor", "--only", "add,exp,log", "--trials", "1"], in: folder,
        environment: environment(folder, faulty: true))
      #expect(outcome.code == 1)
      let failures = outcome.lines.filter { $0.hasPrefix("FAILED") }
      #expect(failures.count == 1, "\(outcome.output)")
      #expect(failures.first?.contains("exp.0: it ends the process: signal 11") == true)
      #expect(outcome.output.contains("3 primitives"))
    }
  }

  @Test(
    "a kernel that hangs is told, and the others are tried all the same",
    .enabled(if: isFull, "only with GPUML_FULL=1"))
  func hang() async throws {
    try await TemporaryFolder.use { folder in
      let loop = "({ volatile int hangs = 1; while (hangs); x; })"
      try seed("#define exp(x) \(loop)", in: folder + "/faulty")
      let outcome = try await CommandLineTool.run(
        ["doctor", "--only", "add,exp,log", "--time-limit", "10m"], in: folder,
        environment: environment(folder, faulty: true))
      #expect(outcome.code == 1)
      let failures = outcome.lines.filter { $0.hasPrefix("FAILED") }
      #expect(failures.count == 1, "\(outcome.output)")
      // Whichever trial is given up first: two are tried at a time.
      #expect(failures.first?.contains(/exp\.\d: no result within/) == true, "\(failures)")
      #expect(failures.first?.contains("exp (gpu kernels) used instead") == true)
      #expect(failures.first?.contains("not tried") == false)
      #expect(outcome.output.contains("3 primitives and 0 compositions with cpu kernels, 3 and 0"))
    }
  }

  @Test("what time does not allow to try is named, and not called well")
  func shortOfTime() async throws {
    struct Late: SelfTestRunner {
      let names: Set<String>
      func run(_ job: SelfTestJob) async throws -> SelfTestResult {
        if !names.isDisjoint(with: job.subjects) { throw SelfTestOutOfTime() }
        return SelfTestResult()
      }
    }
    func summary(without names: Set<String>) async -> String {
      var settings = SelfTest.Settings()
      settings.subjects = TrialTable.all.filter { ["add", "promotion"].contains($0.name) }
      settings.trials = 1
      return await SelfTest(settings, family: .gpu).run(on: [Late(names: names)])
        .summary(recordPath: nil)
    }
    let complete = await summary(without: [])
    #expect(complete.hasSuffix("all is well") && !complete.contains("not tried"))
    let partial = await summary(without: ["promotion"])
    #expect(partial.contains("for want of time: promotion (gpu kernels)\n"))
    #expect(partial.contains("for want of time: promotion (cpu kernels)\n"))
    #expect(partial.contains("2 trials were left out") && partial.hasSuffix("tried is well"))
    let lacking = await summary(without: ["add"])
    #expect(lacking.contains("for want of time: add (gpu kernels)\n"))
    #expect(lacking.contains("\nnot complete: ") && !lacking.contains("well"))
  }

  @Test("bad use and a missing device have their exit codes")
  func refusals() async throws {
    try await TemporaryFolder.use { folder in
      let uses: [([String], [String: String], Int32)] = [
        (["--only", "nothing"], [:], 64), (["--trials", "0"], [:], 64),
        (["--device", "gpu:9"], [:], 69), ([], ["OCL_ICD_VENDORS": "/nonexistent"], 69),
      ]
      for (arguments, environment, code) in uses {
        let outcome = try await CommandLineTool.run(
          ["doctor"] + arguments, in: folder, environment: environment)
        #expect(outcome.code == code, "\(arguments): \(outcome.errors)")
        #expect(outcome.errorLines.first?.hasPrefix("gpuml: ") == true)
        #expect(outcome.errorLines.allSatisfy { $0 != "gpuml: " } && outcome.output.isEmpty)
      }
    }
  }
}
