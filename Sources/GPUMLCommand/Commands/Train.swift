import ArgumentParser
import GPUML
import GPUMLYAML

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

  @Option(
    help: ArgumentHelp(
      """
      Goes on with the run in a folder, as if it had never stopped; every other setting is the run's.
      """,
      valueName: "folder"))
  var resume: String?

  @Option(
    help: ArgumentHelp(
      """
      Keeps the state to go on from after so many epochs in any case; else it is kept as often as costs \
      little.
      """,
      valueName: "n"))
  var saveEvery: Int?

  @Flag(help: "Write files for TensorBoard into the run folder as well.")
  var tensorboard = false

  @Flag(
    help: ArgumentHelp(
      "Only try learning rates, and suggest one: a few hundred steps whose rate rises until the loss explodes."
    ))
  var findLr = false

  @OptionGroup(title: "Settings") var configuration: ConfigurationOptions

  @OptionGroup(title: "Output") var output: OutputOptions

  mutating func validate() throws {
    if resume != nil && (folder != nil || force) {
      throw ValidationError("--resume writes to its own folder: no --output and no --force")
    }
    if resume != nil && configuration.config != nil {
      throw ValidationError("--resume and --config exclude each other")
    }
    if let saveEvery, saveEvery < 1 { throw ValidationError("--save-every is 1 or more") }
    if resume != nil && findLr {
      throw ValidationError("--resume and --find-lr exclude each other")
    }
  }

  private func findLearningRate(_ run: TrainingRun) async throws {
    let folder = try run.makeFolder()
    output.warn(run.choice.warning)
    for note in run.data.notes { output.tell(note) }
    output.note(run.choice.reason)
    let test = try await run.findLearningRate(in: folder)
    try LearningRateReport(test, folder: folder).print(asJSON: output.json)
  }

  func execute() async throws {
    let resumed = try resume.map { try ResumedRun($0) }
    let settings = try settings(resumed)
    do {
      try await execute(settings, resumed)
    } catch let error as TrainingError {
      throw settings.located(error)
    }
  }

  private func execute(_ settings: TrainingSettings, _ resumed: ResumedRun?) async throws {
    let request = try request(settings, resumed)
    if configuration.printConfig {
      for line in TrainingSettings.yaml(request).text.split(separator: "\n") {
        try Console.standardOutput(String(line))
      }
      return
    }
    let run = try TrainingRun(request)
    if configuration.dryRun { return try await DryRunReport(run).print(asJSON: output.json) }
    // Until here nothing has been made: a signal ends the process as it does other programs.
    try await Interruption().cancelling {
      if findLr { try await findLearningRate(run) } else { try await train(run, resumed) }
    }
  }

  private func train(_ run: TrainingRun, _ resumed: ResumedRun?) async throws {
    let folder = try resumed?.folder ?? run.makeFolder()
    output.warn(resumed?.warning)
    if let resumed { output.note(Train.notice(of: resumed)) }
    let reporter = TrainingReporter(output, run, folder, isResumed: resumed != nil)
    let programs = run.trainer.context.programs
    programs.onBuild = { reporter.didBuild($0) }
    // The reporter holds the run, and the run the programs.
    defer { programs.onBuild = nil }
    if output.verbose { output.note(try run.summary().description) }
    do {
      try await reporter.finish(
        run.train(in: folder, resuming: resumed, observer: reporter))
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

  private static func notice(of resumed: ResumedRun) -> String {
    if resumed.isCrossValidated { return "going on with the cross-validation" }
    guard let state = resumed.state else { return "no state has been kept: the run begins anew" }
    let batches = state.batchesOfEpoch
    return "going on after epoch \(state.epochs)"
      + (batches > 0 ? ", batch \(batches) of the next" : "")
  }

  /// What the run's own file or a configuration, the environment, `--set` and flags set.
  private func settings(_ resumed: ResumedRun?) throws -> TrainingSettings {
    let flags = try flags()
    return try (resumed?.settings ?? configuration.settings()).overridden(by: flags)
  }

  private func request(
    _ settings: TrainingSettings, _ resumed: ResumedRun?
  ) throws -> TrainingRun.Request {
    var request = TrainingRun.Request()
    try settings.apply(to: &request)
    try resumed?.check(request)
    try DeviceOptions.expose()
    request.output = folder
    request.force = force
    return request
  }

  /// What flags and `--set` set; a flag is stronger.
  private func flags() throws -> TrainingSettings {
    var flags = TrainingSettings()
    for (key, value) in data.settings() + training.settings() + device.settings() {
      if let value { try flags.set(key, to: value) }
    }
    if let value = SettingValue(isOn: tensorboard) { try flags.set("tensorboard", to: value) }
    if let value = SettingValue(saveEvery) { try flags.set("save_every", to: value) }
    return try configuration.assignments().overridden(by: flags)
  }
}
