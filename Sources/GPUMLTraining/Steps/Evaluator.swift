import GPUMLData
import GPUMLGraph
import GPUMLRuntime

/// Measures a model on labelled examples with the weights that a store holds.
public struct Evaluator: Sendable {
  private let step: TrainStep
  private let session: Session

  /// Prepares to measure.
  ///
  /// - Throws: `RuntimeError` if the store lacks a variable of the model.
  public init(_ step: TrainStep, store: VariableStore) throws {
    self.step = step
    session = try Session(step.evaluation, store: store)
  }

  /// How many examples are run at a time.
  public static let defaultBatchSize = 256

  /// The plan for batches of the examples of a source.
  func plan(batchSize count: Int) throws -> Plan {
    try session.plan([TrainStep.batchName: min(count, Evaluator.defaultBatchSize)])
  }

  /// Runs all examples of a source.
  ///
  /// - Parameters:
  ///   - source: The examples; at least one.
  ///   - batchSize: How many are run at a time.
  ///   - topK: Among how many of the highest scores a label is looked for, at least 1; nil for 5 from
  ///     ten classes on and nothing of fewer.
  /// - Throws: `TrainingError.invalidData` if there are no examples, no labels, or they do not fit
  ///   the model; `CancellationError`; errors of the source and the device.
  public func evaluate(
    _ source: any DataSource, batchSize: Int = Evaluator.defaultBatchSize, topK: Int? = nil
  ) async throws -> Evaluation {
    var classes = ClassScores(
      classCount: step.classCount ?? 1, exampleCount: source.count, topK: topK)
    var (numbers, actualNumbers) = ([Float](), [Float]())
    let loss = try await forEachBatch(of: source, batchSize: batchSize) { batch, results in
      let outputs = try results.floats("output")
      switch batch.labels?.storage {
      case .int32(let labels)?:
        try classes.add(
          scores: outputs, probabilities: try results.floats("probabilities"), labels: labels)
      case .float32(let values)?:
        numbers += outputs
        actualNumbers += values
      default: break
      }
    }
    return step.classCount == nil
      ? try Evaluation(loss: loss, predicted: numbers, actual: actualNumbers)
      : try Evaluation(loss: loss, classes)
  }

  /// Runs all examples of a source and gives each batch's results, in order.
  ///
  /// - Returns: The mean loss.
  /// - Throws: As `evaluate(_:batchSize:)`, and what `body` throws.
  @discardableResult
  func forEachBatch(
    of source: any DataSource, batchSize: Int = Evaluator.defaultBatchSize,
    _ body: (Batch, [String: HostTensor]) throws -> Void
  ) async throws -> Double {
    guard source.count > 0 else {
      throw TrainingError.invalidData(reason: "there are no examples to measure on")
    }
    let loader = try BatchLoader(source, batchSize: min(batchSize, source.count))
    var loss = 0.0
    let isComplete = try await StepPipeline(session: session, step: step).run(loader) {
      batch, step in
      let results = try await step.outputs()
      loss += Double(try results.scalar("loss")) * Double(batch.count)
      try body(batch, results)
    }
    guard isComplete else { throw CancellationError() }
    return loss / Double(source.count)
  }
}

extension [String: HostTensor] {
  /// The elements of a result; none where there is no such result.
  func floats(_ name: String) throws -> [Float] {
    try self[name]?.values(as: Float.self) ?? []
  }

  /// The one element of a result.
  ///
  /// - Throws: `GraphError.invalidValue` if there is no such result or it is not `float32`.
  func scalar(_ name: String) throws -> Float {
    guard let value = try self[name]?.values(as: Float.self).first else {
      throw GraphError.invalidValue(operation: name, reason: "the step gave no such result")
    }
    return value
  }
}
