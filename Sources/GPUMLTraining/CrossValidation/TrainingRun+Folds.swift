import GPUMLData
import GPUMLYAML

extension TrainingRun {
  /// Trains a model for each fold in a folder of its own, and then one on all of the examples.
  ///
  /// - Parameters:
  ///   - count: The number of folds.
  ///   - resuming: What an earlier run reached; folds that are done stay as they are, the one that was
  ///     left is gone on with.
  /// - Returns: The last training's result, with what came of the folds; where a fold is cancelled, that
  ///   fold's.
  func crossValidate(
    _ count: Int, in folder: RunFolder, sha256: String, resuming: ResumedRun?,
    observer: any TrainingObserver
  ) async throws -> TrainingResult {
    let configuration = trainer.configuration
    let split = try data.split(configuration, validation: 0)
    guard count <= split.train.count else {
      throw TrainingError.invalidConfiguration(
        key: "folds",
        reason: "\(count) is more than the \(split.train.count) examples to divide")
    }
    let parts = try Split.folds(
      of: data.train, indices: split.train, count: count, seed: configuration.seed)
    let largest = parts.map(\.count).max() ?? 0
    var foldTrainer = trainer
    // Folds differ by an example; their batches do not.
    foldTrainer.configuration.batchSize = try configuration.resolvedBatchSize(
      count: split.train.count - largest)
    if resuming == nil {
      if let layers = layersText(in: folder) { try folder.write(layers, to: RunFolder.layersName) }
      let arguments = arguments(batchSize: nil, folder, sha256: sha256, fold: nil)
      try folder.write(YAML.map(arguments).text, to: RunFolder.argumentsName)
    }
    var folds: [CrossValidation.Fold] = []
    for (place, part) in parts.enumerated() {
      let number = place + 1
      let own = try folder.fold(number)
      if resuming != nil, let fold = CrossValidation.Fold(in: own) {
        folds.append(fold)
        continue
      }
      let resumed = resuming == nil ? nil : try ResumedRun.fold(in: own)
      let left = Set(part)
      let data = try prepared(
        Split(train: split.train.filter { !left.contains($0) }, validation: part, test: []),
        isTested: false)
      let result = try await train(
        data, foldTrainer, in: own, sha256: sha256, fold: "\(number)/\(count)", resuming: resumed,
        observer: FoldObserver(number: number, count: count, next: observer))
      if result.ending == .cancelled { return result }
      guard let best = result.best, let measured = best.validation else {
        throw TrainingError.invalidData(reason: "fold \(number) was not measured")
      }
      let fold = CrossValidation.Fold(bestEpoch: best.epoch, validation: measured)
      try fold.write(in: own)
      folds.append(fold)
    }
    let crossValidation = CrossValidation(folds: folds)
    try folder.write(crossValidation.table, to: RunFolder.foldsName)
    var trainer = trainer
    trainer.configuration.epochs = crossValidation.epochs
    trainer.configuration.warmupEpochs = min(
      configuration.warmupEpochs, crossValidation.epochs - 1)
    let data = try prepared(
      Split(train: split.train, validation: [], test: split.test), isTested: true)
    var result = try await train(
      data, trainer, in: folder, sha256: sha256, crossValidation: crossValidation,
      resuming: resuming, observer: observer)
    result.crossValidation = crossValidation
    return result
  }
}

/// Says of each event which fold it is from.
private struct FoldObserver: TrainingObserver {
  let number: Int
  let count: Int
  let next: any TrainingObserver

  func training(_ event: TrainingEvent) async throws {
    // What a fold came to that was left, its next end tells.
    if case .done(let result) = event, result.ending == .cancelled { return }
    try await next.training(.fold(number, of: count, event))
  }
}
