import GPUMLData

/// What the steps of an epoch add up to.
struct EpochSums {
  /// How often progress is told.
  private static let interval = Duration.milliseconds(100)

  private let epoch: Int
  private let epochs: Int
  private let steps: Int
  private let begin = ContinuousClock.now
  private var told = ContinuousClock.now
  private var count = 0
  private var loss = 0.0
  private var correct: Double?
  /// The steps that are done.
  private(set) var step = 0
  /// The time from the beginning to the last step.
  private(set) var seconds = 0.0

  init(epoch: Int, epochs: Int, steps: Int) {
    self.epoch = epoch
    self.epochs = epochs
    self.steps = steps
  }

  private var samplesPerSecond: Double { seconds > 0 ? Double(count) / seconds : 0 }

  /// Adds a step; returns the progress if it is time to tell.
  mutating func add(count: Int, loss: Double, correct: Double?) -> TrainingProgress? {
    step += 1
    self.count += count
    self.loss += loss * Double(count)
    if let correct { self.correct = (self.correct ?? 0) + correct }
    let now = ContinuousClock.now
    seconds = (now - begin).inSeconds
    guard now - told >= EpochSums.interval || step == steps else { return nil }
    told = now
    return TrainingProgress(
      epoch: epoch, epochs: epochs, step: step, steps: steps, loss: self.loss / Double(self.count),
      samplesPerSecond: samplesPerSecond)
  }

  func report(learningRate: Double, validation: Evaluation?, isBest: Bool) -> EpochReport {
    EpochReport(
      epoch: epoch, epochs: epochs, trainLoss: loss / Double(max(1, count)),
      trainAccuracy: correct.map { $0 / Double(max(1, count)) }, validation: validation,
      learningRate: learningRate, seconds: seconds, samplesPerSecond: samplesPerSecond,
      isBest: isBest)
  }
}

extension Duration {
  /// The duration in seconds.
  package var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
