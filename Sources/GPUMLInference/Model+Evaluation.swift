import GPUMLData
import GPUMLGraph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension Model {
  /// Measures the model on labelled raw examples.
  ///
  /// - Throws: As the other `evaluate`; `DataError` if the examples are of another shape.
  public func evaluate(
    _ dataset: Dataset, batchSize: Int = 256, topK: Int? = nil
  ) async throws -> Evaluation {
    try await evaluate(prepared(dataset), batchSize: batchSize, topK: topK)
  }

  /// Measures the model on labelled examples of a source.
  ///
  /// The loss is the mean cross-entropy of classes, the mean squared error of numbers.
  ///
  /// - Parameters:
  ///   - source: Gives the model's inputs, as `prepared(_:)` does, with labels: classes in the
  ///     order of `classNames`, or numbers.
  ///   - batchSize: How many examples are run at a time, at least 1.
  ///   - topK: Among how many of the highest probabilities a label is looked for, at least 1; nil for
  ///     5 from ten classes on and nothing of fewer.
  /// - Throws: `InferenceError.invalidInput` if there are no examples or labels, or they do not fit;
  ///   what the source throws; `CancellationError`; `DeviceError`.
  public func evaluate(
    _ source: any DataSource, batchSize: Int = 256, topK: Int? = nil
  ) async throws -> Evaluation {
    guard source.count > 0 else {
      throw InferenceError.invalidInput(reason: "there are no examples to measure on")
    }
    let width = content.outputWidth
    var loss = 0.0
    var classes = ClassScores(classCount: width, exampleCount: source.count, topK: topK)
    var (numbers, actualNumbers) = ([Float](), [Float]())
    try await run(source, batchSize: batchSize) { batch, results in
      switch (task, batch.labels?.storage) {
      case (.classify, .int32(let labels)?):
        if let label = labels.first(where: { $0 < 0 || Int($0) >= width }) {
          throw InferenceError.invalidInput(
            reason: "the label \(label) is none of the model's \(width) classes")
        }
        let probabilities = try Model.floats(ModelContent.probabilities, in: results)
        try classes.add(scores: probabilities, probabilities: probabilities, labels: labels)
        let logits = try Model.floats(ModelContent.logits, in: results)
        loss += Model.crossEntropy(
          logits.isEmpty ? probabilities.map { log($0) } : logits, labels, width)
      case (.regress, .float32(let targets)?) where width == 1:
        let values = try Model.floats(ModelContent.prediction, in: results)
        numbers += values
        actualNumbers += targets
        loss += zip(values, targets).reduce(0) {
          $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1))
        }
      case (_, nil): throw InferenceError.invalidInput(reason: "the examples have no labels")
      case (.classify, _):
        throw InferenceError.invalidInput(reason: "the labels are numbers, the model gives classes")
      case (.regress, _):
        throw InferenceError.invalidInput(
          reason: "the labels do not fit a model that gives \(width) numbers an example")
      }
    }
    loss /= Double(source.count)
    return task == .classify
      ? try Evaluation(loss: loss, classes)
      : try Evaluation(loss: loss, predicted: numbers, actual: actualNumbers)
  }

  /// The summed `log Σ exp(logits) - logits[label]` of all rows.
  private static func crossEntropy(_ logits: [Float], _ labels: [Int32], _ width: Int) -> Double {
    labels.enumerated().reduce(0) { sum, row in
      let scores = logits[row.offset * width..<(row.offset + 1) * width].map(Double.init)
      let highest = scores.max() ?? 0
      let total = scores.reduce(0) { $0 + exp($1 - highest) }
      return sum + highest + log(total) - scores[Int(row.element)]
    }
  }
}
