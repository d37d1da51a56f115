import GPUMLData
import GPUMLDevice
import GPUMLFormats
import GPUMLGraph
import GPUMLNN
import GPUMLReport
import GPUMLRuntime
import GPUMLYAML

/// A training from a data source to a run folder: what the command `gpuml train` does.
public struct TrainingRun: Sendable {
  /// What is trained on what, and where the files go.
  public struct Request: Sendable {
    /// The data source, as `Dataset.load` takes it.
    public var source = "digits"
    /// How the source is read.
    public var options = LoadOptions()
    /// The network; nil for the base's, or without one for the preset `mlp`.
    public var model: ModelDefinition?
    /// A run's folder or a model's file whose weights the training begins with; nil for new ones.
    public var base: String?
    /// The parts of a cross-validation, each of which is validated on by a model trained on the others;
    /// nil for none. The run's model is then trained on all of them, for as many epochs as were best on
    /// average.
    public var folds: Int?
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
    /// Whether the run folder gets files for TensorBoard.
    public var writesEvents = false
    /// After how many epochs the state is kept in any case; nil where only time decides.
    public var saveEvery: Int?

    /// The defaults: the built-in digits.
    public init() {}

    /// The network as far as the request tells it.
    var toldModel: ModelDefinition? { model ?? (base == nil ? .preset(.mlp) : nil) }
  }

  /// The request.
  public let request: Request
  /// The data.
  public let data: LoadedData
  /// The device and why it was chosen.
  public let choice: DeviceChoice
  /// The network.
  public let model: Sequential
  /// What the training begins from; nil for new weights.
  public let base: BaseModel?
  /// The names of the parameters that begin anew although there is a base.
  public let renewed: [String]
  private let definition: ModelDefinition
  /// Trains the network.
  public let trainer: Trainer

  /// Checks the configuration, reads the data, opens the device and declares the network; nothing
  /// is written yet.
  ///
  /// - Throws: `TrainingError.invalidConfiguration`, `DataError`, `NNError`, `DeviceError`.
  public init(_ request: Request) throws {
    try request.configuration.validate()
    if request.configuration.patience != nil, request.configuration.validationSplit == 0,
      request.folds == nil
    {
      throw TrainingError.invalidConfiguration(
        key: "patience", reason: "there are no validation examples to tell a better epoch by")
    }
    self.request = request
    let base = try request.base.map { try BaseModel(path: $0) }
    self.base = base
    var options = request.options
    options.fitted = base?.preprocessing
    data = try Dataset.load(request.source, options: options)
    let classNames = data.train.classNames
    try request.configuration.check(isClassifying: !classNames.isEmpty)
    if let folds = request.folds, !(2...max(2, data.train.count)).contains(folds) {
      throw TrainingError.invalidConfiguration(
        key: "folds", reason: "\(folds) is not in 2...\(data.train.count), the number of examples")
    }
    definition =
      try request.model ?? base.map { .layers(try $0.openLayers(), path: $0.path) }
      ?? .preset(.mlp)
    model = try definition.build(for: data)
    let taken = try base?.weights(for: model, classNames: classNames)
    renewed = taken?.renewed ?? []
    choice = try Device.select(
      for: .training, request: request.device, requireGPU: request.requiresGPU)
    let context = try DeviceContext(device: choice.device, memoryLimit: request.memoryLimit)
    var trainer = Trainer(
      model, context: context, deviceReason: choice.reason, configuration: request.configuration)
    trainer.initialWeights = taken?.weights ?? []
    self.trainer = trainer
  }

  /// The layers of the network.
  public func summary() throws -> ModelSummary {
    try ModelSummary(of: model, featureShape: data.inputShape)
  }

  /// Makes the run folder that was asked for.
  ///
  /// - Throws: `TrainingError.cannotCreate`.
  public func makeFolder() throws -> RunFolder {
    if let output = request.output, !output.isEmpty, let base,
      RunFolder.isFolder(output, holding: base.path)
    {
      throw TrainingError.invalidConfiguration(
        key: "from", reason: "'\(output)' holds the model to begin from, and would be overwritten")
    }
    return try RunFolder.create(at: request.output, force: request.force)
  }

  /// Trains and writes the run's files.
  ///
  /// If the surrounding task is cancelled, the training ends within a step with its files written.
  /// If it fails, what was good until then is in the folder.
  /// - Parameters:
  ///   - folder: Where the files go, as `makeFolder()` gives it.
  ///   - resuming: What an earlier run in the folder reached, as `ResumedRun` gives it.
  ///   - observer: Is told what happens, after the files are written.
  /// - Throws: `TrainingError`; errors of data, device and files.
  public func train(
    in folder: RunFolder, resuming: ResumedRun? = nil,
    observer: any TrainingObserver = EpochObserver()
  ) async throws -> TrainingResult {
    let sha256 = try DataFingerprint.sha256(
      of: request.source, labels: request.options.labelsFile, data)
    try resuming?.check(self, sha256: sha256)
    if let folds = request.folds {
      do {
        return try await crossValidate(
          folds, in: folder, sha256: sha256, resuming: resuming, observer: observer)
      } catch {
        folder.removeIfEmpty()
        throw error
      }
    }
    return try await train(
      parts(), trainer, in: folder, sha256: sha256, resuming: resuming, observer: observer)
  }

  /// One training with its files.
  func train(
    _ parts: PreparedData, _ trainer: Trainer, in folder: RunFolder, sha256: String,
    fold: String? = nil, crossValidation: CrossValidation? = nil, resuming: ResumedRun?,
    observer: any TrainingObserver
  ) async throws -> TrainingResult {
    // The folds are of other sizes than the whole.
    let isWhole = fold == nil && crossValidation == nil
    let recorder = RunRecorder(
      folder, saveEvery: request.saveEvery, writesEvents: request.writesEvents,
      layers: layersText(in: folder), resuming: resuming,
      crossValidation: crossValidation, passingOnTo: observer,
      arguments: { start in
        .map(
          arguments(
            batchSize: isWhole ? start.batchSize : nil, folder, sha256: sha256, fold: fold))
      },
      facts: { result in
        try await RunFacts(
          result, parts, target: request.options.target ?? data.table?.target,
          source: request.source, summary: summary(), context: trainer.context)
      })
    do {
      return try await trainer.fit(
        parts, resuming: resuming?.state, keeper: recorder, observer: recorder)
    } catch {
      // The first error is the one to tell.
      try? await recorder.write()
      folder.removeIfEmpty()
      throw error
    }
  }

  /// The data in parts; a base whose outputs stay keeps their scale as well. With folds, the parts of
  /// the training on all of them.
  private func parts() throws -> PreparedData {
    let configuration = trainer.configuration
    let validation = request.folds == nil ? configuration.validationSplit : 0
    return try prepared(data.split(configuration, validation: validation), isTested: true)
  }

  /// The data in parts that are given.
  func prepared(_ split: Split, isTested: Bool) throws -> PreparedData {
    try PreparedData(data, split, scaling: keptScaling, isTested: isTested)
  }

  /// What `model.yaml` is to hold; nil where a preset tells the layers, or the user's own file is there.
  func layersText(in folder: RunFolder) -> String? {
    guard case .layers(let layers, let path) = definition,
      path != folder.path + "/" + RunFolder.layersName
    else { return nil }
    return layers.yaml
  }

  private var keptScaling: TargetScaling? {
    let keepsHead = base?.keepsHead(classNames: data.train.classNames) ?? false
    return keepsHead ? base?.scaling : nil
  }

  /// What the training takes, without running it.
  ///
  /// - Throws: Errors of the data and the device; `RuntimeError` if a graph cannot be planned.
  public func cost() async throws -> TrainingCost {
    let parts = try parts()
    return try await trainer.cost(
      train: parts.train, validation: parts.validation, scaling: parts.scaling)
  }

  /// The request with what was left to gpuml filled in, as far as the data decide it.
  var resolved: Request {
    var resolved = request
    resolved.options.target = request.options.target ?? data.table?.target
    resolved.options.scaling = base == nil ? data.scaling : nil
    resolved.model = definition
    resolved.configuration.learningRate = request.configuration.resolvedLearningRate
    // A name that fits several devices would choose none.
    let name = choice.device.name
    let alike = ((try? Device.all()) ?? []).count {
      $0.name.lowercased().contains(name.lowercased())
    }
    resolved.device =
      alike > 1 ? (try? DeviceRequest(choice.device.openCLLabel)) ?? .named(name) : .named(name)
    return resolved
  }

  /// Runs a learning-rate range test and writes its picture; trains nothing else.
  ///
  /// - Parameter folder: Where the picture goes, as `makeFolder()` gives it.
  /// - Throws: As `Trainer.findLearningRate(_:)`; `TrainingError` if the file cannot be written.
  public func findLearningRate(in folder: RunFolder) async throws -> LearningRateTest {
    do {
      let parts = try parts()
      let test = try await trainer.findLearningRate(train: parts.train, scaling: parts.scaling)
      try folder.write(test.svg, to: RunFolder.learningRatesName)
      return test
    } catch {
      folder.removeIfEmpty()
      throw error
    }
  }

  /// The resolved configuration.
  func arguments(
    batchSize: Int?, _ folder: RunFolder, sha256: String, fold: String?
  ) -> [(key: String, value: YAML)] {
    var resolved = resolved
    resolved.configuration.batchSize = batchSize ?? request.configuration.batchSize
    if case .layers(let layers, _) = definition {
      resolved.model = .layers(layers, path: folder.path + "/" + RunFolder.layersName)
    }
    let loss = request.configuration.resolvedLoss(isClassifying: !data.train.classNames.isEmpty)
    let context = trainer.context
    let disabled = VariantRecord.disabled(on: context).ordered.map(\.description)
    let facts: [(key: String, value: YAML)] = [
      ("data_sha256", .string(sha256)),
      ("loss", .string(loss.rawValue)),
      ("driver", .string(choice.device.driverVersion)),
      ("kernels", .string(context.kernelFamily.rawValue)),
      ("matrix_units", .string(context.matrixUnits.rawValue)),
      ("disabled_kernels", .list(disabled.map { .string($0) })),
      ("tuned_kernels", .list(TuningRecord.tuning(on: context).lines.map { .string($0) })),
      ("replayed_plans", .list(ReplayChoices.lines(on: context).map { .string($0) })),
    ]
    let told: [(key: String, value: String?)] = [
      ("from_sha256", base?.sha256), (ArgumentFacts.fold, fold),
    ]
    return [("version", .string(BuildVersion.text))]
      + Setting.all.map { ($0.key, $0.show(resolved)) } + facts
      + told.compactMap { name, value in value.map { (name, .string($0)) } }
  }
}

extension ClassWeights {
  /// As a configuration has it.
  var yaml: YAML {
    switch self {
    case .balanced: .string("balanced")
    case .explicit(let values): .list(values.map { .double($0) })
    }
  }
}

/// The version of this build.
package enum BuildVersion {
  /// As the command prints it.
  package static let text = "0.1.0"
}
