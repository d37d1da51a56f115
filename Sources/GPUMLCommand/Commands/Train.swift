import ArgumentParser
import GPUML

/// `gpuml train`
struct Train: ReportedCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains a network and writes a run folder.",
    discussion: """
      Without arguments it trains on the built-in digits. What came of it is shown by report.html in \
      the run folder.
      """)

  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Training") var training: TrainingOptions
  @OptionGroup(title: "Device") var device: DeviceOptions

  @Option(
    name: .customLong("output"),
    help: ArgumentHelp(
      "The run folder; the next of runs/train, runs/train2, … by default.",
      valueName: "folder"))
  var folder: String?

  @Flag(help: "Overwrite an earlier run in the folder.")
  var force = false

  @OptionGroup(title: "Output") var output: OutputOptions

  func execute() async throws {
    let run = try TrainingRun(request())
    // Until here nothing has been made: a signal ends the process as it does other programs.
    try await Interruption().cancelling { try await train(run) }
  }

  private func train(_ run: TrainingRun) async throws {
    let folder = try run.makeFolder()
    let reporter = TrainingReporter(output, run, folder)
    let programs = run.trainer.context.programs
    programs.onBuild = { reporter.didBuild($0) }
    // The reporter holds the run, and the run the programs.
    defer { programs.onBuild = nil }
    if output.verbose { output.note(try run.summary().description) }
    do {
      try await reporter.finish(run.train(in: folder, observer: reporter))
    } catch {
      reporter.clear()
      throw error
    }
  }

  func didFail(_ failure: Failure) throws {
    guard output.json else { return }
    var event = JSONLine(event: "error")
    event.add("message", failure.message)
    event.add("exit_code", Int(failure.code))
    try event.print()
  }

  private func request() throws -> TrainingRun.Request {
    var request = TrainingRun.Request()
    request.source = data.data
    request.options = data.options
    request.model = try ModelPreset(parsing: training.model)
    request.configuration = try training.configuration()
    if let split = data.valSplit { request.configuration.validationSplit = split }
    if let split = data.testSplit { request.configuration.testSplit = split }
    request.device = try device.request()
    request.requiresGPU = device.requireGpu
    request.memoryLimit = device.memoryLimit?.bytes
    request.output = folder
    request.force = force
    return request
  }
}
