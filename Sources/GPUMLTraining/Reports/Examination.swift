import GPUMLData
import GPUMLDevice
import GPUMLGraph
import GPUMLReport
import GPUMLRuntime

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Looks at predictions one by one, to find the worst of them.
struct Examination {
  /// The most examples that are looked at, evenly chosen from all.
  private static let most = 20_000
  /// So many are looked at however slow the model is.
  private static let least = 1024
  /// The time it may take: so many seconds, or a share of the training's if that is more.
  private static let seconds = 2.0
  private static let share = 0.05
  /// So many examples or fewer are run in one batch.
  private static let mostAtOnce = 512
  /// How much faster an example is looked at than learned from, about.
  private static let speedup = 3.0

  /// How many examples were looked at.
  private(set) var count = 0
  /// The wrong predictions of the highest loss, the highest first.
  private(set) var mistakes: [Mistake] = []
  /// Predicted and true numbers.
  private(set) var pairs: [NumberFacts.Pair] = []

  /// A wrong prediction before its example is looked up.
  private struct Miss {
    let place: Int
    let actual: Int
    let predicted: Int
    let probability: Double
    let loss: Double
  }

  /// Looks at nothing.
  init() {}

  /// Runs a part of the data through a trained model.
  ///
  /// - Throws: Errors of the data and the device.
  init(_ result: TrainingResult, on part: PreparedDataset, context: DeviceContext) async throws {
    let step = result.template.step
    let store = try VariableStore(context, variables: step.keptWeights)
    for (named, weight) in zip(step.keptWeights, result.weights) {
      try await store.setValue(weight.tensor, of: named.variable)
    }
    let most = Examination.most(after: result)
    let stride = max(1, (part.count + most - 1) / most)
    let places = Array(Swift.stride(from: 0, to: part.count, by: stride))
    let rows = places.map { part.indices?[$0] ?? $0 }
    let sample = try PreparedDataset(part.dataset, part.preprocessing, indices: rows)
    count = rows.count
    // Each size of a batch is a plan of its own, which takes longer to build than few examples to run.
    let batchSize = count <= Examination.mostAtOnce ? count : 256
    var misses: [Miss] = []
    var done = 0
    let evaluator = try Evaluator(step, store: store)
    try await evaluator.forEachBatch(of: sample, batchSize: batchSize) { batch, results in
      let outputs = try results.floats("output")
      switch batch.labels?.storage {
      case .int32(let labels)?:
        misses += Examination.misses(outputs, labels, from: done)
        misses.sort { ($1.loss, $0.place) < ($0.loss, $1.place) }
        misses = Array(misses.prefix(Mistake.most))
      case .float32(let targets)?:
        pairs += zip(outputs, targets).enumerated().map { place, pair in
          NumberFacts.Pair(
            example: rows[done + place] + 1, actual: Double(pair.1), predicted: Double(pair.0))
        }
      default: break
      }
      done += batch.count
    }
    let names = part.classNames
    func name(_ index: Int) -> String {
      names.indices.contains(index) ? names[index] : String(index)
    }
    mistakes = try misses.map { miss in
      Mistake(
        example: rows[miss.place] + 1, actual: name(miss.actual),
        predicted: name(miss.predicted), probability: miss.probability, loss: miss.loss,
        picture: try Examination.picture(rows[miss.place], in: part.dataset))
    }
  }

  /// How many examples are looked at: after a signal few, as who stops a training does not want to
  /// wait.
  private static func most(after result: TrainingResult) -> Int {
    if result.ending == .cancelled { return least }
    let time = max(seconds, result.seconds * share)
    let count = result.samplesPerSecond * speedup * time
    return max(least, Int(min(Double(most), count.isFinite ? count : 0)))
  }

  /// The wrong rows of a batch of logits.
  private static func misses(_ logits: [Float], _ labels: [Int32], from start: Int) -> [Miss] {
    let width = labels.isEmpty ? 0 : logits.count / labels.count
    return labels.enumerated().compactMap { row, label in
      let scores = logits[row * width..<(row + 1) * width].map(Double.init)
      let actual = Int(label)
      guard let highest = scores.max(), let predicted = scores.firstIndex(of: highest),
        predicted != actual, scores.indices.contains(actual)
      else { return nil }
      let total = scores.reduce(0) { $0 + exp($1 - highest) }
      let loss = highest + log(total) - scores[actual]
      guard loss.isFinite else { return nil }
      return Miss(
        place: start + row, actual: actual, predicted: predicted, probability: 1 / total,
        loss: loss)
    }
  }

  private static func picture(_ row: Int, in dataset: Dataset) throws -> String? {
    guard PNGPicture.isPicture(dataset.featureShape) else { return nil }
    let values: [Float] =
      switch try dataset.subset([row]).features {
      case .uint8(let bytes): bytes.map(Float.init)
      case .float32(let floats): floats
      case .stored: []
      }
    return PNGPicture.base64(values, shape: dataset.featureShape)
  }
}
