import GPUMLData

/// What the steps of an epoch add up to.
struct EpochSums {
  /// How often progress is told.
  private static let interval = Duration.milliseconds(100)

  /// What has been added up.
  struct Totals: Sendable, Codable, Equatable {
    /// The steps that are done.
    fileprivate(set) var step = 0
    fileprivate var count = 0
    fileprivate var loss = 0.0
    fileprivate var correct: Double?
    /// The time from the beginning to the last step.
    fileprivate var seconds = 0.0

    /// Whether it can be of so many examples; of a file nothing is certain.
    func fits(_ examples: Int) -> Bool {
      (0...examples).contains(count) && (0...examples).contains(step) && seconds >= 0
    }

    fileprivate var samplesPerSecond: Double { seconds > 0 ? Double(count) / seconds : 0 }
  }

  private let epoch: Int
  private let epochs: Int
  private let steps: Int
  private let begin = ContinuousClock.now
  private var told = ContinuousClock.now
  /// The time that the steps before took, if the epoch was resumed.
  private let secondsBefore: Double
  private(set) var totals: Totals

  /// - Parameter totals: What the epoch's first steps came to, if it was resumed.
  init(epoch: Int, epochs: Int, steps: Int, resuming totals: Totals? = nil) {
    self.epoch = epoch
    self.epochs = epochs
    self.steps = steps
    self.totals = totals ?? Totals()
    secondsBefore = totals?.seconds ?? 0
  }

  /// Adds a step; returns the progress if it is time to tell.
  mutating func add(count: Int, loss: Double, correct: Double?) -> TrainingProgress? {
    totals.step += 1
    totals.count += count
    totals.loss += loss * Double(count)
    if let correct { totals.correct = (totals.correct ?? 0) + correct }
    let now = ContinuousClock.now
    totals.seconds = secondsBefore + (now - begin).inSeconds
    guard now - told >= EpochSums.interval || totals.step == steps else { return nil }
    told = now
    return TrainingProgress(
      epoch: epoch, epochs: epochs, step: totals.step, steps: steps,
      loss: totals.loss / Double(totals.count), samplesPerSecond: totals.samplesPerSecond)
  }

  func report(learningRate: Double, validation: Evaluation?, isBest: Bool) -> EpochReport {
    EpochReport(
      epoch: epoch, epochs: epochs, trainLoss: totals.loss / Double(max(1, totals.count)),
      trainAccuracy: totals.correct.map { $0 / Double(max(1, totals.count)) },
      validation: validation, learningRate: learningRate, seconds: totals.seconds,
      samplesPerSecond: totals.samplesPerSecond, isBest: isBest)
  }
}

extension Duration {
  /// The duration in seconds.
  package var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
