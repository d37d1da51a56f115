import GPUML
import Synchronization

/// Tells of a training: a bar on a terminal, a line an epoch elsewhere, or JSON events.
final class TrainingReporter: TrainingObserver {
  /// Builds that take less are not worth a line.
  private static let slowBuild = 0.2

  private struct State {
    var bar: ProgressBar
    var exampleCount = 0
    var metric = ""
    var choice: DeviceChoice?
  }

  private let output: OutputOptions
  private let source: String
  private let hasBar: Bool
  private let state: Mutex<State>

  /// - Parameter source: The data source, for the last line.
  init(_ output: OutputOptions, source: String) {
    self.output = output
    self.source = source
    let terminal = Terminal(allowsColor: !output.noColor)
    hasBar = terminal.isTerminal && !output.noProgress && !output.quiet
    state = Mutex(State(bar: ProgressBar(terminal)))
  }

  /// Sets the device's warning and reason, to be told when the training starts.
  func announce(_ choice: DeviceChoice) { state.withLock { $0.choice = choice } }

  /// Tells of kernels that were compiled.
  func didBuild(_ report: ProgramCache.BuildReport) {
    guard !report.isCached, report.seconds >= TrainingReporter.slowBuild || output.verbose else {
      return
    }
    tell("built \(report.label) in \(report.seconds.fixed(2)) s")
  }

  func training(_ event: TrainingEvent) throws {
    switch event {
    case .start(let start): try didStart(start)
    case .progress(let progress):
      guard hasBar else { return }
      state.withLock {
        $0.bar.draw(progress, exampleCount: $0.exampleCount, metric: $0.metric)
      }
    case .epoch(let report): try didEnd(report)
    case .checkpoint(let checkpoint):
      guard output.json else { return }
      var line = JSONLine(event: "checkpoint")
      line.add("epoch", checkpoint.epoch)
      line.add(checkpoint.validation?.metrics(prefix: "val_") ?? [])
      try line.print()
    case .done: state.withLock { $0.bar.clear() }
    }
  }

  /// Takes the bar off the screen; for the end of a training that failed.
  func clear() { state.withLock { $0.bar.clear() } }

  private func didStart(_ start: TrainingStart) throws {
    output.warn(state.withLock { $0.choice?.warning })
    output.note(start.device)
    if output.verbose {
      output.note(
        "\(start.exampleCount) examples to learn from, \(start.validationCount) to validate, "
          + "batches of \(start.batchSize)")
    }
    state.withLock {
      $0.exampleCount = start.exampleCount
      if hasBar { $0.bar.show("building kernels …") }
    }
    guard output.json else { return }
    var line = JSONLine(event: "start")
    line.add("device", state.withLock { $0.choice?.device.name ?? start.device })
    line.add("reason", start.device)
    line.add("parameters", start.parameterCount)
    line.add("examples", start.exampleCount)
    line.add("validation_examples", start.validationCount)
    line.add("epochs", start.epochs)
    line.add("batch_size", start.batchSize)
    try line.print()
  }

  private func didEnd(_ report: EpochReport) throws {
    if output.json {
      var line = JSONLine(event: "epoch")
      line.add("epoch", report.epoch)
      line.add("epochs", report.epochs)
      line.add(report.metrics)
      line.add("learning_rate", report.learningRate)
      line.add("seconds", report.seconds)
      line.add("samples_per_second", report.samplesPerSecond)
      try line.print()
    }
    state.withLock { $0.metric = TrainingReporter.metric(of: report) }
    if hasBar && !output.verbose || output.json && !output.verbose { return }
    if output.noProgress { return }
    tell("\(report)")
  }

  private func tell(_ text: String) {
    state.withLock { $0.bar.clear() }
    output.note(text)
  }

  private static func metric(of report: EpochReport) -> String {
    if let accuracy = report.validation?.accuracy { return "val_acc \(accuracy.fixed(4))" }
    if let r2 = report.validation?.r2 { return "val_r2 \(r2.fixed(4))" }
    return report.trainAccuracy.map { "acc \($0.fixed(4))" } ?? ""
  }

  /// Tells what came of the training.
  func finish(_ result: TrainingResult, _ folder: RunFolder, device: Device) throws {
    if output.json {
      try TrainingReporter.doneLine(result, folder, device).print()
      return
    }
    if result.ending == .cancelled { output.note("stopped; what was reached is saved") }
    if result.ending == .stoppedEarly { output.note("stopped: no better epoch came") }
    if let best = result.best {
      let metrics = best.metrics + (result.test?.metrics(prefix: "test_") ?? [])
      try Console.standardOutput("best epoch \(best.epoch) of \(result.epochs.count)")
      for metric in metrics {
        try Console.standardOutput("  \(metric.name) \(metric.value.fixed(4))")
      }
    }
    try Console.standardOutput(
      "\(result.seconds.fixed(2)) s, \(ProgressBar.short(result.samplesPerSecond)) samples/s")
    let input = source == "-" ? "FILE" : ShellWord.quoted(source)
    try Console.standardOutput(
      "saved \(folder.path); predict with: gpuml infer --model "
        + "\(ShellWord.quoted(folder.path)) --input \(input)")
  }

  private static func doneLine(
    _ result: TrainingResult, _ folder: RunFolder, _ device: Device
  ) -> JSONLine {
    var line = JSONLine(event: "done")
    line.add("run", folder.path)
    line.add("model", folder.modelPath)
    line.add("device", device.name)
    line.add("epochs", result.epochs.count)
    line.add("best_epoch", result.bestEpoch)
    line.add(result.best?.metrics ?? [])
    line.add(result.test?.metrics(prefix: "test_") ?? [])
    line.add("seconds", result.seconds)
    line.add("samples_per_second", result.samplesPerSecond)
    line.add("ending", result.ending.rawValue)
    return line
  }
}

/// Words of a command that can be pasted into a shell.
enum ShellWord {
  /// The text in single quotes if a shell would read more than one plain word in it.
  static func quoted(_ text: String) -> String {
    let isPlain =
      !text.isEmpty
      && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_-./:=,+@%".contains($0)) }
    if isPlain { return text }
    return "'" + text.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''") + "'"
  }
}
