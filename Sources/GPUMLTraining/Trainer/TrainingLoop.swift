import GPUMLData
import GPUMLFormats
import GPUMLGraph
import GPUMLNN
import GPUMLRuntime

/// One training from first values to the best weights.
struct TrainingLoop: Sendable {
  private let trainer: Trainer
  let source: any DataSource
  let validation: (any DataSource)?
  private let test: (any DataSource)?
  private let observer: any TrainingObserver
  private let keeper: (any TrainingStateKeeper)?
  private let resumed: TrainingState?
  let step: TrainStep
  private let store: VariableStore
  let training: Session
  let accumulating: Session?
  let evaluator: Evaluator
  let batchSize: Int
  private let template: ModelTemplate

  private var configuration: TrainingConfiguration { trainer.configuration }

  /// What has been reached so far.
  private struct Progress {
    var steps = 0
    var reports: [EpochReport] = []
    /// What the steps of an epoch without a report, or of one that the time limit ended, came to.
    var partial: EpochSums.Totals?
    var best: TrainingCheckpoint?
    /// The best before an epoch that the time limit ended.
    var bestBefore: TrainingCheckpoint?
    var ending = TrainingResult.Ending.completed
  }

  init(
    _ trainer: Trainer, train: any DataSource, validation: (any DataSource)?,
    test: (any DataSource)?, preprocessing: Preprocessing?, scaling: TargetScaling?,
    resuming: TrainingState?, keeper: (any TrainingStateKeeper)?, observer: any TrainingObserver
  ) throws {
    try trainer.configuration.validate()
    guard train.count > 0 else {
      throw TrainingError.invalidData(reason: "there are no examples to learn from")
    }
    self.trainer = trainer
    source = train
    self.validation = validation.flatMap { $0.count > 0 ? $0 : nil }
    self.test = test.flatMap { $0.count > 0 ? $0 : nil }
    self.observer = observer
    self.keeper = keeper
    resumed = resuming
    batchSize = try trainer.configuration.resolvedBatchSize(count: train.count)
    let names = train.classNames
    let loss = trainer.configuration.resolvedLoss(isClassifying: !names.isEmpty)
    step = try TrainStep(
      trainer.model, loss: loss, optimizer: trainer.configuration.optimizer,
      featureShape: train.featureShape, scaling: scaling,
      options: trainer.configuration.stepOptions)
    if let classCount = step.classCount, !names.isEmpty, names.count != classCount {
      throw TrainingError.invalidModel(
        reason: "it gives \(classCount) classes, the data have \(names.count)")
    }
    store = try VariableStore(
      trainer.context, variables: step.variables, seed: trainer.configuration.seed)
    training = try Session(step.training, store: store)
    accumulating = try step.accumulation.map { [store] in try Session($0, store: store) }
    evaluator = try Evaluator(step, store: store)
    template = ModelTemplate(
      step: step, preprocessing: preprocessing,
      labels: step.classCount == nil || names.isEmpty ? nil : names)
  }

  func run() async throws -> TrainingResult {
    let clock = ContinuousClock()
    let begin = clock.now
    var progress = try await resumedProgress()
    try await observer.training(.start(start))
    do {
      while progress.reports.count < configuration.epochs, !isOver(progress) {
        try await train(
          progress.reports.count + 1, &progress, until: configuration.timeLimit.map { begin + $0 })
        if progress.ending != .completed { break }
        if let keeper, await keeper.wantsState(after: progress.reports.count) {
          try await keeper.keep(try await state(progress))
        }
      }
      if progress.ending == .completed, isOver(progress) { progress.ending = .stoppedEarly }
    } catch is CancellationError where Task.isCancelled {
      progress.ending = .cancelled
    }
    // The test below puts the best weights in the place of the last.
    if let keeper { try await keeper.keep(try await state(progress)) }
    let result = try await finish(progress, since: begin)
    try await observer.training(.done(result))
    return result
  }

  /// Whether no better epoch has come for too long.
  private func isOver(_ progress: Progress) -> Bool {
    guard let patience = configuration.patience, let best = progress.best else { return false }
    let epoch = progress.reports.count
    return epoch - best.epoch >= patience && epoch < configuration.epochs
  }

  private var batchesPerEpoch: Int { (source.count - 1) / batchSize + 1 }

  /// The updates of an epoch.
  var stepsPerEpoch: Int { (batchesPerEpoch - 1) / configuration.accumulation + 1 }

  private var start: TrainingStart {
    TrainingStart(
      device: trainer.deviceReason,
      parameterCount: step.weights.reduce(0) {
        $1.variable.role == .parameter ? $0 + $1.variable.count : $0
      },
      exampleCount: source.count, validationCount: validation?.count ?? 0,
      epochs: configuration.epochs, batchSize: batchSize, stepsPerEpoch: stepsPerEpoch,
      template: template)
  }

  /// One epoch with its validation.
  private func train(
    _ epoch: Int, _ progress: inout Progress, until deadline: ContinuousClock.Instant?
  ) async throws {
    var sums = EpochSums(
      epoch: epoch, epochs: configuration.epochs, steps: batchesPerEpoch,
      resuming: progress.partial)
    let firstBatch = sums.totals.step
    let firstStep = progress.steps - steps(in: firstBatch)
    var submitted = progress.steps
    // Told where the batches are all done; the device has none until the first step.
    var rate = learningRate(step: max(0, submitted - 1))
    var isSet = false
    let loader = try BatchLoader(
      source, batchSize: batchSize, shuffledBy: (seed: configuration.seed, epoch: epoch - 1))
    func isOver() -> Bool { deadline.map { ContinuousClock.now >= $0 } ?? false }
    let pipeline = StepPipeline(
      session: training, step: step, accumulating: accumulating,
      batchesPerStep: configuration.accumulation)
    var isComplete = true
    var isPaused = true
    while isPaused {
      isPaused = false
      isComplete = try await pipeline.run(
        loader, from: sums.totals.step,
        isOver: {
          if isOver() { return true }
          isPaused = keeper?.wantsStateWithinEpoch() ?? false
          return isPaused
        },
        willSubmit: {
          let next = learningRate(step: submitted)
          if !isSet || next != rate { try store.setLearningRate(Float(next)) }
          (rate, isSet) = (next, true)
          submitted += 1
        },
        didFinish: { batch, finished in
          let results = try await finished.outputs()
          let loss = Double(try results.scalar("loss"))
          // A gradient may overflow where the loss does not: then the device writes nothing any more.
          guard loss.isFinite, try await finished.state().isFinite else {
            throw TrainingError.diverged(
              step: firstStep + sums.totals.step / configuration.accumulation + 1, epoch: epoch)
          }
          let correct = step.classCount == nil ? nil : Double(try results.scalar("correct"))
          if let report = sums.add(count: batch.count, loss: loss, correct: correct) {
            try await observer.training(.progress(report))
          }
        })
      progress.steps = submitted
      // Validation may be cancelled as well.
      progress.partial = sums.totals
      // A long epoch leaves states on the way.
      if isPaused, isComplete { try await keeper?.keep(try await state(progress)) }
    }
    guard isComplete else {
      progress.ending = .cancelled
      return
    }
    let measured = try await validation.asyncMap { try await evaluator.evaluate($0) }
    if let measured, !measured.loss.isFinite {
      throw TrainingError.diverged(step: submitted, epoch: epoch)
    }
    let isBest = isBest(measured, than: progress.best)
    let report = sums.report(learningRate: rate, validation: measured, isBest: isBest)
    progress.reports.append(report)
    progress.bestBefore = progress.best
    if sums.totals.step == batchesPerEpoch { progress.partial = nil }
    if isBest {
      let checkpoint = TrainingCheckpoint(
        epoch: epoch, weights: try await weights(), validation: measured)
      progress.best = checkpoint
      try await observer.training(.epoch(report))
      try await observer.training(.checkpoint(checkpoint))
    } else {
      try await observer.training(.epoch(report))
    }
    // A resumed training goes on within an epoch that is not complete.
    if progress.partial != nil || epoch < configuration.epochs && isOver() {
      progress.ending = .timeLimit
    }
  }

  /// Without validation the latest weights are the best there are.
  private func isBest(_ measured: Evaluation?, than best: TrainingCheckpoint?) -> Bool {
    guard let measured, let other = best?.validation else { return true }
    return measured.isBetter(than: other)
  }

  /// The updates that so many batches of an epoch make; the last may have fewer batches.
  private func steps(in batches: Int) -> Int {
    batches == batchesPerEpoch ? stepsPerEpoch : batches / configuration.accumulation
  }

  private func learningRate(step: Int) -> Double {
    let factor = configuration.schedule.factor(
      step: step, total: configuration.epochs * stepsPerEpoch, stepsPerEpoch: stepsPerEpoch,
      warmup: configuration.warmupEpochs * stepsPerEpoch)
    return configuration.resolvedLearningRate * factor
  }

  /// The state between two steps, also in a cancelled task.
  private func state(_ progress: Progress) async throws -> TrainingState {
    var state = TrainingState()
    state.values = try await values(of: step.variables)
    // How often each class is taken for another is only of interest for the best.
    let isWithinReported = progress.ending == .timeLimit && progress.partial != nil
    let reports = isWithinReported ? progress.reports.dropLast() : progress.reports[...]
    state.progress.reports = reports.map { report in
      var report = report
      report.validation?.confusion = nil
      return report
    }
    state.progress.steps = progress.steps
    state.progress.partial = progress.partial
    let best = isWithinReported ? progress.bestBefore : progress.best
    state.progress.bestEpoch = best?.epoch ?? 0
    state.progress.bestValidation = best?.validation
    state.progress.words = try await uncancelled { try await store.stepState().words }
    let isLast = best?.epoch == progress.reports.count && progress.partial == nil
    state.best = isLast ? nil : best?.weights
    return state
  }

  /// What had been reached by the training that is resumed, or nothing.
  ///
  /// - Throws: `TrainingError.invalidState` if the state is of another training.
  private func resumedProgress() async throws -> Progress {
    var progress = Progress()
    guard let resumed else {
      try await trainer.setInitialWeights(of: step, in: store)
      return progress
    }
    func refuse(_ reason: String) -> TrainingError { .invalidState(reason: reason) }
    let reached = resumed.progress
    let epochs = reached.reports.count
    let isPartial = reached.partial != nil
    guard epochs <= configuration.epochs - (isPartial ? 1 : 0),
      (0...batchesPerEpoch).contains(resumed.batchesOfEpoch),
      reached.partial?.fits(source.count) ?? true,
      reached.steps == epochs * stepsPerEpoch + steps(in: resumed.batchesOfEpoch),
      (0...epochs).contains(reached.bestEpoch),
      reached.reports.enumerated().allSatisfy({ $1.epoch == $0 + 1 })
    else {
      throw refuse(
        "\(reached.steps) steps in \(epochs) epochs do not fit \(configuration.epochs) epochs of "
          + "\(stepsPerEpoch) steps")
    }
    try await restore(resumed.values, to: step.variables, refuse)
    var state = StepState(words: reached.words)
    guard reached.words == state.words, Int(state.step) == reached.steps else {
      throw refuse("its step counter and its epochs disagree")
    }
    guard state.seed == configuration.seed else {
      throw refuse("seed is \(state.seed) there and \(configuration.seed) here")
    }
    // Set again by the first step.
    state.learningRate = StepState().learningRate
    try await store.setStepState(state)
    progress.steps = reached.steps
    progress.reports = reached.reports
    progress.partial = reached.partial
    if reached.bestEpoch > 0 {
      progress.reports[reached.bestEpoch - 1].validation = reached.bestValidation
      let kept = try await weights()
      let places = Dictionary(
        (resumed.best ?? kept).map { ($0.name, $0) }, uniquingKeysWith: { $1 })
      let best = kept.compactMap { places[$0.name] }
      guard best.count == kept.count,
        zip(best, kept).allSatisfy({
          $0.tensor.shape == $1.tensor.shape && $0.tensor.dtype == $1.tensor.dtype
        })
      else { throw refuse("its best weights are not those of the model") }
      progress.best = TrainingCheckpoint(
        epoch: reached.bestEpoch, weights: best, validation: reached.bestValidation)
    }
    return progress
  }

  private func restore(
    _ values: [ModelFile.Weight], to variables: [NamedVariable],
    _ refuse: (String) -> TrainingError
  ) async throws {
    let places = Dictionary(values.map { ($0.name, $0.tensor) }, uniquingKeysWith: { $1 })
    guard places.count == variables.count else {
      throw refuse("it has \(places.count) tensors, the model and its optimizer \(variables.count)")
    }
    for named in variables {
      guard let value = places[named.name], value.shape == named.variable.shape,
        value.dtype == named.variable.dtype
      else { throw refuse("'\(named.name)' is missing or of another shape") }
      try await store.setValue(value, of: named.variable)
    }
  }

  /// Puts the best weights back and measures them on the test examples.
  private func finish(
    _ progress: Progress, since begin: ContinuousClock.Instant
  ) async throws -> TrainingResult {
    var kept = progress.best?.weights
    var measured: Evaluation?
    if progress.ending != .cancelled, let test {
      if let kept, progress.best?.epoch != progress.reports.last?.epoch {
        for (named, weight) in zip(step.keptWeights, kept) {
          try await store.setValue(weight.tensor, of: named.variable)
        }
      }
      measured = try await evaluator.evaluate(test)
    }
    if kept == nil { kept = try await weights() }
    let seconds = (ContinuousClock.now - begin).inSeconds
    return TrainingResult(
      ending: progress.ending, epochs: progress.reports, bestEpoch: progress.best?.epoch ?? 0,
      test: measured, seconds: seconds,
      samplesPerSecond: median(progress.reports.map(\.samplesPerSecond)),
      device: trainer.deviceReason, weights: kept ?? [], template: template)
  }

  /// The values of the model's own variables, also in a cancelled task.
  private func weights() async throws -> [ModelFile.Weight] {
    try await values(of: step.keptWeights)
  }

  private func values(of variables: [NamedVariable]) async throws -> [ModelFile.Weight] {
    try await uncancelled { try await store.weights(of: variables) }
  }

  /// The value in the middle; 0 of none.
  private func median(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.sorted()[values.count / 2]
  }

  /// Runs what must be done even in a cancelled task.
  private func uncancelled<Value: Sendable>(
    _ body: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    try await Task { try await body() }.value
  }
}

extension Optional {
  /// `map` with an asynchronous function.
  fileprivate func asyncMap<Value>(
    _ transform: (Wrapped) async throws -> Value
  ) async throws -> Value? {
    guard let self else { return nil }
    return try await transform(self)
  }
}
