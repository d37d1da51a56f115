import GPUML
import Synchronization

/// Tells of a training: a bar on a terminal, a line an epoch elsewhere, or JSON events.
final class TrainingReporter: TrainingObserver {
  /// Builds that take less are not worth a line.
  private static let slowBuild = 0.5

  private struct State {
    var bar: ProgressBar
    var exampleCount = 0
    var metric = ""
    /// Notes are told once, however many folds there are.
    var hasStarted = false
    /// Such as `fold 2/5`, before an epoch.
    var fold = ""
  }

  private let output: OutputOptions
  private let run: TrainingRun
  private let folder: RunFolder
  private let isResumed: Bool
  private let hasBar: Bool
  private let state: Mutex<State>

  init(_ output: OutputOptions, _ run: TrainingRun, _ folder: RunFolder, isResumed: Bool) {
    self.isResumed = isResumed
    self.output = output
    self.run = run
    self.folder = folder
    let terminal = Terminal(allowsColor: !output.noColor)
    hasBar = terminal.isTerminal && !output.noProgress && !output.quiet
    state = Mutex(State(bar: ProgressBar(terminal)))
  }

  /// Tells of kernels that were compiled.
  func didBuild(_ report: ProgramCache.BuildReport) {
    guard !report.isCached, report.seconds >= TrainingReporter.slowBuild || output.verbose else {
      return
    }
    tell("built \(report.label) in \(report.seconds.fixed(2)) s")
  }

  func training(_ event: TrainingEvent) throws {
    tell(event)
    if output.json,
      let line = try event.json(folder: folder.path, device: run.choice.device.name)
    {
      try Console.standardOutput(line)
    }
  }

  private func tell(_ event: TrainingEvent) {
    switch event {
    case .start(let start): didStart(start)
    case .progress(let progress):
      guard hasBar else { return }
      state.withLock {
        $0.bar.draw(
          progress, prefix: $0.fold, exampleCount: $0.exampleCount, metric: $0.metric)
      }
    case .epoch(let report): didEnd(report)
    case .checkpoint: break
    case .done: clear()
    case .fold(let number, let count, let event): tell(event, ofFold: "fold \(number)/\(count)")
    }
  }

  /// Of folds, their ends are told; their epochs to who wants more.
  private func tell(_ event: TrainingEvent, ofFold fold: String) {
    state.withLock { $0.fold = fold }
    defer { state.withLock { $0.fold = "" } }
    switch event {
    case .fold, .checkpoint: break
    case .start, .progress: tell(event)
    case .epoch(let report):
      state.withLock { $0.metric = TrainingReporter.metric(of: report) }
      if output.verbose { tell("\(fold)  \(report)") }
    case .done(let result):
      guard let best = result.best, !output.json || output.verbose else { return clear() }
      tell("\(fold)  \(best)")
    }
  }

  /// Takes the bar off the screen; for the end of a training that failed.
  func clear() { state.withLock { $0.bar.clear() } }

  private func didStart(_ start: TrainingStart) {
    let isFirst = state.withLock { state in
      defer { state.hasStarted = true }
      state.exampleCount = start.exampleCount
      if hasBar { state.bar.show("building kernels …") }
      return !state.hasStarted
    }
    if !isFirst { return }
    output.warn(run.choice.warning)
    output.warn(VariantRecord.notice(for: run.trainer.context))
    output.warn(TuningRecord.notice(for: run.trainer.context))
    for note in run.data.notes { output.tell(note) }
    if let base = run.base, !isResumed {
      output.note(TrainingReporter.text(base, renewed: run.renewed))
    }
    output.note(start.device)
    if output.verbose {
      output.note(
        "\(start.exampleCount) examples to learn from, \(start.validationCount) to validate, "
          + "batches of \(start.batchSize)")
    }
    state.withLock { if hasBar { $0.bar.show("building kernels …") } }
  }

  private func didEnd(_ report: EpochReport) {
    state.withLock { $0.metric = TrainingReporter.metric(of: report) }
    // Where a bar or events tell of it, the line is for who wants more.
    let isTold = hasBar || output.json || output.noProgress
    if !isTold || output.verbose { tell("\(report)") }
  }

  private func tell(_ text: String) {
    state.withLock { $0.bar.clear() }
    output.note(text)
  }

  private static func text(_ base: BaseModel, renewed: [String]) -> String {
    let told = renewed.prefix(6).joined(separator: ", ") + (renewed.count > 6 ? ", …" : "")
    return "beginning from \(base.path)" + (renewed.isEmpty ? "" : "; anew: \(told)")
  }

  private func endWithinFold(_ result: TrainingResult) -> JSONLine {
    var event = JSONLine(event: "done")
    event.add("run", folder.path)
    event.add("device", run.choice.device.name)
    event.add("ending", result.ending.rawValue)
    event.add("seconds", result.seconds)
    return event
  }

  private static func metric(of report: EpochReport) -> String {
    if let accuracy = report.validation?.accuracy { return "val_acc \(accuracy.fixed(4))" }
    if let r2 = report.validation?.r2 { return "val_r2 \(r2.fixed(4))" }
    return report.trainAccuracy.map { "acc \($0.fixed(4))" } ?? ""
  }

  /// Tells what came of the training.
  func finish(_ result: TrainingResult) throws {
    let isLeftWithinFold = run.request.folds != nil && result.crossValidation == nil
    if output.json {
      // Of the whole there is no result to tell, but its end.
      if isLeftWithinFold { try endWithinFold(result).print() }
      return
    }
    if result.ending == .cancelled {
      output.note(
        "stopped; what was reached is saved; go on with: gpuml train --resume "
          + ShellWord.quoted(folder.path))
    }
    if result.ending == .stoppedEarly { output.note("stopped: no better epoch came") }
    if result.ending == .timeLimit { output.note("stopped: the time is over") }
    // What is left within a fold is no model yet.
    if isLeftWithinFold { return }
    if let crossValidation = result.crossValidation {
      try Console.standardOutput(
        "\(crossValidation.folds.count) folds: mean, standard deviation")
      for summary in crossValidation.summaries {
        try Console.standardOutput(
          "  \(summary.name) \(summary.mean.fixed(4)) ± \(summary.deviation.fixed(4))")
      }
      try Console.standardOutput("the model has learned from all examples")
    }
    if let best = result.best {
      try Console.standardOutput("best epoch \(best.epoch) of \(result.epochs.count)")
      for metric in best.metrics + (result.test?.metrics(prefix: "test_") ?? []) {
        try Console.standardOutput("  \(metric.name) \(metric.value.fixed(4))")
      }
    }
    try Console.standardOutput(
      "\(result.seconds.fixed(2)) s, \(ProgressBar.short(result.samplesPerSecond)) samples/s")
    let source = run.request.source
    let input = source == "-" ? "FILE" : ShellWord.quoted(source)
    try Console.standardOutput(
      "saved \(folder.path); predict with: gpuml infer --model "
        + "\(ShellWord.quoted(folder.path)) --input \(input)")
  }
}
