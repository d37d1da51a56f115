import GPUMLData
import GPUMLDevice
import GPUMLFormats
import GPUMLGraph
import GPUMLNN
import GPUMLReport
import GPUMLRuntime

/// A training from a data source to a run folder: what the command `gpuml train` does.
public struct TrainingRun: Sendable {
  /// What is trained on what, and where the files go.
  public struct Request: Sendable {
    /// The data source, as `Dataset.load` takes it.
    public var source = "digits"
    /// How the source is read.
    public var options = LoadOptions()
    /// The network.
    public var model = ModelPreset.mlp
    /// How it is trained.
    public var configuration = TrainingConfiguration()
    /// The device; nil for `GPUML_DEVICE`, or else the best.
    public var device: DeviceRequest?
    /// Whether a CPU may not stand in for a GPU.
    public var requiresGPU = false
    /// The most device memory to use, in bytes; nil for nine tenths of it.
    public var memoryLimit: Int?
    /// The run folder; nil for the next of `runs/train`, `runs/train2`, ….
    public var output: String?
    /// Whether an earlier run's files in the folder are overwritten.
    public var force = false

    /// The defaults: the built-in digits.
    public init() {}
  }

  /// The request.
  public let request: Request
  /// The data.
  public let data: LoadedData
  /// The device and why it was chosen.
  public let choice: DeviceChoice
  /// The network.
  public let model: Sequential
  /// Trains the network.
  public let trainer: Trainer

  /// Checks the configuration, reads the data, opens the device and declares the network; nothing
  /// is written yet.
  ///
  /// - Throws: `TrainingError.invalidConfiguration`, `DataError`, `NNError`, `DeviceError`.
  public init(_ request: Request) throws {
    try request.configuration.validate()
    self.request = request
    data = try Dataset.load(request.source, options: request.options)
    model = try request.model.build(for: data)
    choice = try Device.select(
      for: .training, request: request.device, requireGPU: request.requiresGPU)
    let context = try DeviceContext(device: choice.device, memoryLimit: request.memoryLimit)
    trainer = Trainer(
      model, context: context, deviceReason: choice.reason, configuration: request.configuration)
  }

  /// The layers of the network.
  public func summary() throws -> ModelSummary {
    try ModelSummary(of: model, featureShape: data.inputShape)
  }

  /// Makes the run folder that was asked for.
  ///
  /// - Throws: `TrainingError.cannotCreate`.
  public func makeFolder() throws -> RunFolder {
    try RunFolder.create(at: request.output, force: request.force)
  }

  /// Trains and writes the run's files.
  ///
  /// If the surrounding task is cancelled, the training ends within a step with its files written.
  /// If it fails, what was good until then is in the folder.
  /// - Parameters:
  ///   - folder: Where the files go, as `makeFolder()` gives it.
  ///   - observer: Is told what happens, after the files are written.
  /// - Throws: `TrainingError`; errors of data, device and files.
  public func train(
    in folder: RunFolder, observer: any TrainingObserver = EpochObserver()
  ) async throws -> TrainingResult {
    let sha256 = try DataFingerprint.sha256(of: request.source, data)
    let parts = try PreparedData(data, trainer.configuration)
    let recorder = RunRecorder(
      folder, passingOnTo: observer,
      arguments: { start in .map(arguments(start, sha256: sha256)) },
      facts: { result in
        try await RunFacts(
          result, parts, target: request.options.target ?? data.table?.target,
          source: request.source, summary: summary(), context: trainer.context)
      })
    do {
      return try await trainer.fit(parts, observer: recorder)
    } catch {
      // The first error is the one to tell.
      try? await recorder.write()
      folder.removeIfEmpty()
      throw error
    }
  }

  /// The resolved configuration.
  private func arguments(
    _ start: TrainingStart, sha256: String
  ) -> [(key: String, value: YAML)] {
    let configuration = request.configuration
    let optimizer = configuration.optimizer
    let options = request.options
    let loss = configuration.resolvedLoss(isClassifying: !data.train.classNames.isEmpty)
    let disabled = VariantRecord.disabled(on: trainer.context).ordered.map {
      YAML.string($0.description)
    }
    let tuned = TuningRecord.tuning(on: trainer.context).lines.map { YAML.string($0) }
    let replayed = ReplayChoices.lines(on: trainer.context).map { YAML.string($0) }
    return [
      ("version", .string(BuildVersion.text)),
      ("data", .string(request.source)),
      ("data_sha256", .string(sha256)),
      ("target", (options.target ?? data.table?.target).map { .string($0) } ?? .null),
      ("task", .string(options.task.rawValue)),
      ("drop", .list(options.dropping.map { .string($0) })),
      ("features", options.features.map { .list($0.map { .string($0) }) } ?? .null),
      ("impute", .string(options.imputation.rawValue)),
      ("missing_indicator", .bool(options.marksMissing)),
      ("drop_duplicates", .bool(options.dropsDuplicates)),
      ("scale", .string(data.scaling.name)),
      ("val_split", .double(configuration.validationSplit)),
      ("test_split", .double(configuration.testSplit)),
      ("model", .string(request.model.description)),
      ("loss", .string(loss.rawValue)),
      ("epochs", .int(configuration.epochs)),
      ("batch_size", .int(start.batchSize)),
      ("optimizer", .string(optimizer.name)),
      ("optimizer_settings", .map(optimizer.settings.map { ($0.name, .double($0.value)) })),
      ("lr", .double(configuration.resolvedLearningRate)),
      ("lr_schedule", .string(configuration.schedule.name)),
      ("warmup_epochs", .int(configuration.warmupEpochs)),
      ("patience", configuration.patience.map { .int($0) } ?? .null),
      (
        "seed",
        Int(exactly: configuration.seed).map { .int($0) } ?? .string("\(configuration.seed)")
      ),
      ("device", .string(choice.device.name)),
      ("driver", .string(choice.device.driverVersion)),
      ("kernels", .string(trainer.context.kernelFamily.rawValue)),
      ("matrix_units", .string(trainer.context.matrixUnits.rawValue)),
      ("disabled_kernels", .list(disabled)),
      ("tuned_kernels", .list(tuned)),
      ("replayed_plans", .list(replayed)),
      ("memory_limit", request.memoryLimit.map { .int($0) } ?? .null),
    ]
  }
}

/// The version of this build.
package enum BuildVersion {
  /// As the command prints it.
  package static let text = "0.1.0"
}
