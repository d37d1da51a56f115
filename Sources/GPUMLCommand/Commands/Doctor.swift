import ArgumentParser
import FoundationEssentials
import GPUML
import GPUMLReference

/// `gpuml doctor`
struct Doctor: ReportedCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tests every kernel on a device, and disables those that are wrong there.",
    discussion: """
      Random trials of each primitive are compared with a reference in double precision, for the \
      kernels that the device uses and for those that stand in where they fail. Later runs on the \
      same device and driver do without what fails; what passes again is used again. The exit code \
      is 1 if something fails, or if time did not allow to try every primitive once.
      """)

  @OptionGroup(title: "Device") var device: DeviceOptions

  @Option(help: ArgumentHelp("What the trials are drawn from.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp(
      "The trials of each primitive, however long they take; by default 4, within a minute.",
      valueName: "n"))
  var trials: Int?

  @Option(
    help: ArgumentHelp(
      "When to end at the latest, such as 5m; by default after 54 s, or with --trials never.",
      valueName: "time"))
  var timeLimit: TimeSpan?

  @Option(help: ArgumentHelp("The only primitives to test.", valueName: "name,name"))
  var only: ColumnList?

  @Flag(help: "Run all trials in this process, for tools that watch it.")
  var inProcess = false

  @OptionGroup(title: "Output") var output: OutputOptions

  mutating func validate() throws {
    if let trials, !(1...10_000 ~= trials) {
      throw ValidationError("--trials: \(trials) is not from 1 to 10000")
    }
  }

  func execute() async throws {
    var settings = try settings()
    let choice = try device.chooseForDoctor()
    output.warn(choice.warning)
    let context = try DeviceContext(device: choice.device, memoryLimit: device.memoryLimit?.bytes)
    settings.hasMatrixUnits = MatrixProbe.finds(on: context)
    let reporter = DoctorReporter(output, choice.device)
    reporter.begin()
    let test = SelfTest(settings, family: context.kernelFamily) { reporter.show($0) }
    var report = await test.run(on: try runners(choice.device))
    reporter.clear()
    let record = VariantRecord(context)
    do {
      try report.keep(in: record)
    } catch {
      output.warn("what failed cannot be recorded: \(error)")
    }
    try reporter.finish(report, record)
    if !report.isHealthy || !report.isComplete { throw ExitCode(1) }
  }

  private func settings() throws -> SelfTest.Settings {
    var settings = SelfTest.Settings()
    settings.seed = seed
    if let only {
      for name in only.names where !TrialTable.all.contains(where: { $0.name == name }) {
        throw CommandError.invalidFlag(name: "only", reason: "there are no trials of '\(name)'")
      }
      settings.subjects = TrialTable.all.filter { only.names.contains($0.name) }
    }
    if let trials {
      settings.trials = trials
      settings.limit = nil
    }
    if let timeLimit { settings.limit = TimeSpanText.duration(timeLimit.text) }
    return settings
  }

  /// Drivers for CPUs compile on one core a process; a GPU may be open to one process alone.
  private func runners(_ chosen: Device) throws -> [any SelfTestRunner] {
    let limit = device.memoryLimit?.bytes
    if inProcess {
      return [
        try SelfTestWorker(options: PlanOptions.ofEnvironment) {
          try DeviceContext(device: chosen, memoryLimit: limit)
        }
      ]
    }
    let cores = min(chosen.computeUnits, ProcessInfo.processInfo.activeProcessorCount, 4)
    let count = chosen.isCPU ? max(1, cores) : 1
    return (0..<count).map { _ in
      WorkerProcess(chosen, memoryLimit: limit, isQuiet: !output.verbose)
    }
  }
}
