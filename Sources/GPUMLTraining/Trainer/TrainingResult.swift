#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import GPUMLData
import GPUMLFormats
import GPUMLGraph
import GPUMLRuntime

/// What a training has made: the model with its best weights, and how it came to them.
public struct TrainingResult: Sendable {
  /// Why a training ended.
  public enum Ending: String, Sendable {
    /// All epochs are done.
    case completed
    /// No epoch was better for as long as the configuration allows.
    case stoppedEarly
    /// The time that the configuration allows was over.
    case timeLimit
    /// The task was cancelled; the weights are those of the last step if no epoch was done.
    case cancelled
  }

  /// Why the training ended.
  public let ending: Ending
  /// What came of each epoch.
  public let epochs: [EpochReport]
  /// The epoch whose weights were kept, counted from 1; 0 if none was done.
  public let bestEpoch: Int
  /// Measures on examples that had no part in the training, if there are some.
  public let test: Evaluation?
  /// The time of everything.
  public let seconds: Double
  /// Examples a second while it trained: the median epoch's, as the first one compiles kernels.
  public let samplesPerSecond: Double
  /// The device and why it was chosen, in one line.
  public let device: String
  /// The values of the model's own variables.
  public let weights: [ModelFile.Weight]
  /// What came of the folds, if the training was cross-validated; then the model is one that has seen
  /// all of the examples.
  public internal(set) var crossValidation: CrossValidation?

  let template: ModelTemplate

  /// What came of the best epoch; nil if none was done.
  public var best: EpochReport? { epochs.first { $0.epoch == bestEpoch } }

  /// The model as a file's content.
  ///
  /// - Throws: `GraphError` if the graph cannot be saved.
  public func modelFile() throws -> ModelFile { try template.modelFile(weights) }

  /// Writes the model: graph, weights, preprocessing and labels in one file.
  ///
  /// - Throws: `FormatError` if the file cannot be written.
  public func save(to path: String) throws { try modelFile().save(to: path) }
}

extension TrainStep {
  /// The model with the values that a store holds now, as a file's content.
  ///
  /// - Parameters:
  ///   - store: Holds the step's variables.
  ///   - preprocessing: How raw examples become the model's input; nil if it is taken as it is.
  ///   - labels: The classes' names in the order of the outputs; nil or empty if there are none.
  /// - Throws: `RuntimeError.invalidVariable` if the store lacks a variable; `GraphError` if the graph
  ///   cannot be saved; `DeviceError`.
  public func modelFile(
    _ store: VariableStore, _ preprocessing: Preprocessing? = nil, labels: [String]? = nil
  ) async throws -> ModelFile {
    let weights = try await store.weights(of: keptWeights)
    let names = classCount == nil || labels?.isEmpty ?? true ? nil : labels
    return try ModelTemplate(step: self, preprocessing: preprocessing, labels: names)
      .modelFile(weights)
  }
}

extension VariableStore {
  /// The values of some variables, under their names.
  func weights(of variables: [NamedVariable]) async throws -> [ModelFile.Weight] {
    var weights: [ModelFile.Weight] = []
    for named in variables {
      let tensor = try await value(of: named.variable)
      weights.append(ModelFile.Weight(name: named.name, tensor: tensor))
    }
    return weights
  }
}

/// Everything of a model's file but the weights.
struct ModelTemplate: Sendable {
  let step: TrainStep
  let preprocessing: Preprocessing?
  let labels: [String]?

  func modelFile(_ weights: [ModelFile.Weight]) throws -> ModelFile {
    let names = Dictionary(
      step.weights.map { ($0.variable, $0.name) }, uniquingKeysWith: { first, _ in first })
    var text: String?
    if let preprocessing {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      text = String(decoding: try encoder.encode(preprocessing), as: UTF8.self)
    }
    return ModelFile(
      graph: try step.prediction.encodedJSON(names: names),
      task: step.classCount == nil ? .regress : .classify, weights: weights, preprocessing: text,
      labels: labels, architecture: Architecture.text(step.layers, step.scaling))
  }
}
