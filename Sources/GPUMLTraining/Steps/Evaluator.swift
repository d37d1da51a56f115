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

  /// Runs all examples of a source.
  ///
  /// - Parameters:
  ///   - source: The examples; at least one.
  ///   - batchSize: How many are run at a time.
  /// - Throws: `TrainingError.invalidData` if there are no examples, no labels, or they do not fit
  ///   the model; `CancellationError`; errors of the source and the device.
  public func evaluate(_ source: any DataSource, batchSize: Int = 256) async throws -> Evaluation {
    let classCount = step.classCount ?? 1
    // Of scores only the best class is kept: rows may be wide and examples many.
    var (classes, actualClasses) = ([Int](), [Int]())
    var (numbers, actualNumbers) = ([Float](), [Float]())
    let loss = try await forEachBatch(of: source, batchSize: batchSize) { batch, outputs in
      switch batch.labels?.storage {
      case .int32(let values)?:
        classes += try Metrics.argmax(outputs, classCount: classCount)
        actualClasses += values.map(Int.init)
      case .float32(let values)?:
        numbers += outputs
        actualNumbers += values
      default: break
      }
    }
    return try Evaluation(
      loss: loss,
      step.classCount == nil
        ? .numbers(predicted: numbers, actual: actualNumbers)
        : .classes(predicted: classes, actual: actualClasses, classCount: classCount))
  }

  /// Runs all examples of a source and gives each batch's outputs, in order.
  ///
  /// - Returns: The mean loss.
  /// - Throws: As `evaluate(_:batchSize:)`, and what `body` throws.
  @discardableResult
  func forEachBatch(
    of source: any DataSource, batchSize: Int = 256, _ body: (Batch, [Float]) throws -> Void
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
      try body(batch, try results["output"]?.values(as: Float.self) ?? [])
    }
    guard isComplete else { throw CancellationError() }
    return loss / Double(source.count)
  }
}

extension [String: HostTensor] {
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
