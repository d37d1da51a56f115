import GPUMLFormats
import GPUMLReport
import GPUMLYAML
import Synchronization

/// Writes a run's files while it trains and passes every event on.
///
/// Files are written at most once a second, less often where that takes long, and at the end: a short
/// run then costs one write, and a killed one loses little.
actor RunRecorder: TrainingObserver, TrainingStateKeeper {
  private static let interval = Duration.seconds(1)
  /// After so long without a state, one is kept within an epoch.
  private static let mostLost = Duration.seconds(30)
  /// The training takes so many times as long as the writing, at least.
  private static let patience = 20

  private let folder: RunFolder
  private let saveEvery: Int?
  private let arguments: @Sendable (TrainingStart) -> YAML
  private let facts: @Sendable (TrainingResult) async throws -> RunFacts
  private let next: any TrainingObserver
  private var reports: [EpochReport]
  /// Whether TensorBoard is to read the epochs.
  private let writesEvents: Bool
  private var events: EventFile?
  /// What tells the layers, where no preset does.
  private let layers: String?
  /// What came of the folds, where this training is the one on all examples.
  private let crossValidation: CrossValidation?
  private var template: ModelTemplate?
  private var checkpoint: TrainingCheckpoint?
  private var isChanged = false
  /// Whether the folder's last state is damaged, and the one before it is to stay.
  private var isDamaged: Bool
  /// When the next state is worth its writing.
  private let due = Mutex(ContinuousClock.now + RunRecorder.interval)

  init(
    _ folder: RunFolder, saveEvery: Int?, writesEvents: Bool, layers: String?,
    resuming resumed: ResumedRun?,
    crossValidation: CrossValidation?, passingOnTo next: any TrainingObserver,
    arguments: @escaping @Sendable (TrainingStart) -> YAML,
    facts: @escaping @Sendable (TrainingResult) async throws -> RunFacts
  ) {
    self.folder = folder
    self.saveEvery = saveEvery
    self.writesEvents = writesEvents
    self.layers = layers
    self.crossValidation = crossValidation
    self.arguments = arguments
    self.facts = facts
    self.next = next
    reports = resumed?.state?.progress.reports ?? []
    isDamaged = resumed?.warning != nil
  }

  /// Writes what is due, then tells the next observer.
  func training(_ event: TrainingEvent) async throws {
    var event = event
    if case .done(var result) = event, let crossValidation {
      result.crossValidation = crossValidation
      event = .done(result)
    }
    switch event {
    case .start(let start):
      template = start.template
      // A resumed run's are the same, and those of a run with folds are written before them.
      if reports.isEmpty, crossValidation == nil {
        if let layers { try folder.write(layers, to: RunFolder.layersName) }
        try folder.write(arguments(start).text, to: RunFolder.argumentsName)
      }
    case .progress, .fold: break
    case .epoch(let report):
      if writesEvents, events == nil {
        events = try EventFile(in: folder.path)
        if !reports.isEmpty { try events?.restart(at: report.epoch) }
      }
      reports.append(report)
      isChanged = true
      try events?.add(report.scalars, step: report.epoch)
    case .checkpoint(let checkpoint):
      self.checkpoint = checkpoint
      isChanged = true
    case .done(let result):
      // The result holds the best weights: the checkpoint's need not be written as well.
      try result.save(to: folder.modelPath)
      checkpoint = nil
      isChanged = true
      try write()
      if result.best != nil { try await writeReport(result) }
    }
    try await next.training(event)
  }

  func wantsState(after epoch: Int) -> Bool {
    ContinuousClock.now >= due.withLock { $0 }
      || saveEvery.map { epoch.isMultiple(of: $0) } ?? false
  }

  nonisolated func wantsStateWithinEpoch() -> Bool {
    ContinuousClock.now >= due.withLock { $0 } + RunRecorder.mostLost
  }

  /// Writes everything; the state comes last, so that what it tells of is there.
  func keep(_ state: TrainingState) throws {
    let begin = ContinuousClock.now
    try write()
    try folder.keep(state, isDamaged: isDamaged)
    isDamaged = false
    let end = ContinuousClock.now
    let pause = max(RunRecorder.interval, (end - begin) * RunRecorder.patience)
    due.withLock { $0 = end + pause }
  }

  /// Writes what has not been written yet; for the end of a training that failed.
  func write() throws {
    guard isChanged else { return }
    if let checkpoint, let template {
      try template.modelFile(checkpoint.weights).save(to: folder.modelPath)
      self.checkpoint = nil
    }
    try folder.write(ResultsTable.text(reports), to: RunFolder.resultsName)
    isChanged = false
  }

  /// Writes the page, and what it takes to write it again without the data.
  private func writeReport(_ result: TrainingResult) async throws {
    let facts = self.facts
    // A cancelled task ends with its page as well.
    let text = try await Task { try await facts(result).json() }.value
    try folder.write(text, to: RunReport.factsName)
    try folder.write(RunReport(contentsOf: folder.path).html, to: RunReport.pageName)
  }
}

extension EpochReport {
  /// What TensorBoard shows, the measures of a part together.
  fileprivate var scalars: [(tag: String, value: Double)] {
    metrics.map { metric in
      let parts = metric.name.split(separator: "_", maxSplits: 1)
      return (parts.joined(separator: "/"), metric.value)
    } + [("speed/samples_per_second", samplesPerSecond), ("learning_rate", learningRate)]
  }
}

/// The content of `results.csv`.
enum ResultsTable {
  static func text(_ reports: [EpochReport]) -> String {
    guard let first = reports.first else { return "" }
    let header = cells(first).map(\.name)
    let lines = [header] + reports.map { cells($0).map(\.text) }
    return lines.map { $0.joined(separator: ",") + "\n" }.joined()
  }

  private static func cells(_ report: EpochReport) -> [(name: String, text: String)] {
    [("epoch", String(report.epoch))]
      + report.metrics.map { ($0.name, "\($0.value)") }
      + [
        ("learning_rate", "\(report.learningRate)"), ("seconds", report.seconds.fixed(6)),
        ("samples_per_second", report.samplesPerSecond.fixed(1)),
      ]
  }
}
