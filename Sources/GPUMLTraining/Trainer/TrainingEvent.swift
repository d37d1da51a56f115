import GPUMLData
import GPUMLFormats

/// What a training tells while it goes.
public enum TrainingEvent: Sendable {
  /// The graphs are built and the first step is about to go.
  case start(TrainingStart)
  /// Some steps of an epoch are done; told a few times a second.
  case progress(TrainingProgress)
  /// An epoch is done.
  case epoch(EpochReport)
  /// The weights are the best so far.
  case checkpoint(TrainingCheckpoint)
  /// The training has ended, and not by an error.
  case done(TrainingResult)
  /// Something that a fold of a cross-validation tells, the folds counted from 1.
  indirect case fold(Int, of: Int, TrainingEvent)
}

/// Receives what a training tells, one event after the other.
public protocol TrainingObserver: Sendable {
  /// Called for each event; the training waits until it returns, and ends with what it throws.
  func training(_ event: TrainingEvent) async throws
}

/// What a training begins with.
public struct TrainingStart: Sendable {
  /// The device and why it was chosen, in one line.
  public let device: String
  /// The number of elements of all parameters.
  public let parameterCount: Int
  /// The number of examples to learn from.
  public let exampleCount: Int
  /// The number of examples that choose the best epoch.
  public let validationCount: Int
  /// The epochs to come.
  public let epochs: Int
  /// The examples of a step.
  public let batchSize: Int
  /// The updates of an epoch.
  public let stepsPerEpoch: Int
  /// The model without its weights, for who writes checkpoints to files.
  let template: ModelTemplate
}

/// How far an epoch has come.
public struct TrainingProgress: Sendable {
  /// The epoch, counted from 1.
  public let epoch: Int
  /// All epochs.
  public let epochs: Int
  /// The steps of this epoch that are done.
  public let step: Int
  /// All steps of this epoch.
  public let steps: Int
  /// The mean loss of the epoch's examples so far.
  public let loss: Double
  /// Examples a second since the epoch began.
  public let samplesPerSecond: Double
}

/// Weights worth keeping.
public struct TrainingCheckpoint: Sendable {
  /// The epoch after which they were, counted from 1.
  public let epoch: Int
  /// The values of the model's own variables.
  public let weights: [ModelFile.Weight]
  /// Measures on the validation examples, if there are some.
  public let validation: Evaluation?
}
