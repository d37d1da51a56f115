import GPUMLData
import GPUMLDevice
import GPUMLFormats
import GPUMLGraph
import GPUMLNN
import GPUMLRuntime

/// Trains a model on a device.
///
/// ```swift
/// let data = try Dataset.load("digits")
/// let model = try Sequential {
///   try Flatten()
///   try Linear(inputs: 64, outputs: 128)
///   Activation.relu
///   try Linear(inputs: 128, outputs: 10)
/// }
/// let result = try await Trainer(model).fit(data, epochs: 10) { print($0) }
/// try result.save(to: "digits.safetensors")
/// ```
/// Who needs more than it offers builds a `TrainStep` and runs its graphs in `Session`s.
public struct Trainer: Sendable {
  /// What is trained.
  public let model: any Module
  /// How it is trained.
  public var configuration: TrainingConfiguration
  /// Values that parameters begin with, by their dotted names; the others begin as their layers say.
  public var initialWeights: [ModelFile.Weight] = []
  /// Where it is trained.
  public let context: DeviceContext
  /// The device and why it was chosen, in one line.
  public let deviceReason: String

  /// Chooses and opens a device.
  ///
  /// - Parameters:
  ///   - model: What is trained.
  ///   - device: Which device; nil for `GPUML_DEVICE`, or else the best.
  ///   - configuration: How it is trained.
  /// - Throws: `DeviceError` if there is no such device.
  public init(
    _ model: any Module, device: DeviceRequest? = nil,
    configuration: TrainingConfiguration = TrainingConfiguration()
  ) throws {
    let choice = try Device.select(for: .training, request: device)
    self.init(
      model, context: try DeviceContext(device: choice.device), deviceReason: choice.reason,
      configuration: configuration)
  }

  /// Trains on a device that is open.
  ///
  /// - Parameters:
  ///   - model: What is trained.
  ///   - context: Where.
  ///   - deviceReason: The device and why it was chosen, in one line; nil for its name.
  ///   - configuration: How.
  public init(
    _ model: any Module, context: DeviceContext, deviceReason: String? = nil,
    configuration: TrainingConfiguration = TrainingConfiguration()
  ) {
    self.model = model
    self.context = context
    self.deviceReason = deviceReason ?? "training on \(context.device)"
    self.configuration = configuration
  }

  /// Trains on loaded data: splits validation and test examples off, and fits the preprocessing to
  /// the others.
  ///
  /// The model is trained anew from the configuration's seed. If the surrounding task is cancelled,
  /// the training ends within a step and returns the best weights so far.
  /// - Parameters:
  ///   - data: What `Dataset.load` gave.
  ///   - epochs: Overrides the configuration's.
  ///   - onEpoch: Called after each epoch.
  /// - Throws: `TrainingError`, `DataError`, `GraphError`, `NNError`, or an error of the device.
  public func fit(
    _ data: LoadedData, epochs: Int? = nil,
    onEpoch: @escaping @Sendable (EpochReport) -> Void = { _ in }
  ) async throws -> TrainingResult {
    var trainer = self
    trainer.configuration.epochs = epochs ?? configuration.epochs
    return try await trainer.fit(data, observer: EpochObserver(onEpoch: onEpoch))
  }

  /// Trains on loaded data and tells an observer.
  ///
  /// - Parameters:
  ///   - data: What `Dataset.load` gave.
  ///   - state: What an earlier training of the same model, configuration and data reached, to go on
  ///     from there.
  ///   - keeper: Keeps what is reached.
  ///   - observer: Is told what happens.
  /// - Throws: As `fit(_:epochs:onEpoch:)`, and what the observer and the keeper throw.
  public func fit(
    _ data: LoadedData, resuming state: TrainingState? = nil,
    keeper: (any TrainingStateKeeper)? = nil, observer: any TrainingObserver
  ) async throws -> TrainingResult {
    try configuration.validate()
    return try await fit(
      PreparedData(data, configuration), resuming: state, keeper: keeper, observer: observer)
  }

  /// Trains on data that were split and prepared.
  func fit(
    _ parts: PreparedData, resuming state: TrainingState?, keeper: (any TrainingStateKeeper)?,
    observer: any TrainingObserver
  ) async throws -> TrainingResult {
    try await fit(
      train: parts.train, validation: parts.validation, test: parts.test,
      preprocessing: parts.preprocessing, scaling: parts.scaling, resuming: state,
      keeper: keeper, observer: observer)
  }

  /// Trains on any source of examples.
  ///
  /// - Parameters:
  ///   - train: What is learned from.
  ///   - validation: What chooses the best epoch; without, the last is kept.
  ///   - test: What the best weights are measured on at the end.
  ///   - preprocessing: How the source made its inputs, to be saved with the model.
  ///   - scaling: What the output is scaled with if numbers are predicted.
  ///   - state: What an earlier training of the same model, configuration and data reached, to go on
  ///     from there.
  ///   - keeper: Keeps what is reached.
  ///   - observer: Is told what happens.
  /// - Throws: As `fit(_:epochs:onEpoch:)`, `TrainingError.invalidState` for a state of another
  ///   training, and what the sources, the keeper and the observer throw.
  public func fit(
    train: any DataSource, validation: (any DataSource)? = nil, test: (any DataSource)? = nil,
    preprocessing: Preprocessing? = nil, scaling: TargetScaling? = nil,
    resuming state: TrainingState? = nil, keeper: (any TrainingStateKeeper)? = nil,
    observer: any TrainingObserver = EpochObserver()
  ) async throws -> TrainingResult {
    let trainer = try await resolvingClassWeights(for: train)
    let run = try TrainingLoop(
      trainer, train: train, validation: validation, test: test, preprocessing: preprocessing,
      scaling: scaling, resuming: state, keeper: keeper, observer: observer)
    return try await run.run()
  }

  /// The same trainer with class weights as numbers.
  private func resolvingClassWeights(for source: any DataSource) async throws -> Trainer {
    var trainer = self
    trainer.configuration.classWeights = try await configuration.classWeights?.resolved(for: source)
    return trainer
  }

  /// Puts the values that parameters begin with into a store.
  func setInitialWeights(of step: TrainStep, in store: VariableStore) async throws {
    let variables = Dictionary(
      step.weights.map { ($0.name, $0.variable) }, uniquingKeysWith: { first, _ in first })
    for weight in initialWeights {
      guard let variable = variables[weight.name] else {
        throw TrainingError.invalidModel(reason: "it has no weights '\(weight.name)' to begin with")
      }
      try await store.setValue(weight.tensor, of: variable)
    }
  }

  /// What a training on such sources takes, as its plans tell.
  func cost(
    train: any DataSource, validation: (any DataSource)?, scaling: TargetScaling?
  ) async throws -> TrainingCost {
    let trainer = try await resolvingClassWeights(for: train)
    return try TrainingLoop(
      trainer, train: train, validation: validation, test: nil, preprocessing: nil,
      scaling: scaling, resuming: nil, keeper: nil, observer: EpochObserver()
    ).cost()
  }
}

/// Tells of epochs and leaves the other events out.
public struct EpochObserver: TrainingObserver {
  private let onEpoch: @Sendable (EpochReport) -> Void

  /// Calls a function after each epoch.
  public init(onEpoch: @escaping @Sendable (EpochReport) -> Void = { _ in }) {
    self.onEpoch = onEpoch
  }

  /// Passes epochs on.
  public func training(_ event: TrainingEvent) {
    if case .epoch(let report) = event { onEpoch(report) }
  }
}
