#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif
import GPUMLData
import GPUMLGraph
import GPUMLRuntime

extension Trainer {
  /// The rates of a range test, and its most steps.
  private static let rates = (first: 1e-6, last: 10.0, steps: 300)
  /// How many times its least value the mean loss must reach to have exploded.
  private static let explosion = 3.0
  /// How much of the mean loss stays from step to step while it is watched.
  private static let memory = 0.9

  /// Runs a learning-rate range test on loaded data: some steps whose rate rises from 1e-6 to at most
  /// 10, until the loss explodes.
  ///
  /// The model is trained anew from the configuration's seed, and nothing is kept of it. The
  /// configuration's schedule, epochs and learning rate play no part.
  /// - Throws: As `fit(_:epochs:onEpoch:)`; `CancellationError` if the task is cancelled.
  public func findLearningRate(_ data: LoadedData) async throws -> LearningRateTest {
    try configuration.validate()
    let parts = try PreparedData(data, configuration)
    return try await findLearningRate(train: parts.train, scaling: parts.scaling)
  }

  /// Runs a learning-rate range test on any source of examples.
  ///
  /// - Parameters:
  ///   - train: What is learned from.
  ///   - scaling: What the output is scaled with if numbers are predicted.
  /// - Throws: As the other `findLearningRate`, and what the source throws.
  public func findLearningRate(
    train: any DataSource, scaling: TargetScaling? = nil
  ) async throws -> LearningRateTest {
    try configuration.validate()
    guard train.count > 0 else {
      throw TrainingError.invalidData(reason: "there are no examples to learn from")
    }
    var configuration = configuration
    configuration.classWeights = try await configuration.classWeights?.resolved(for: train)
    let batchSize = try configuration.resolvedBatchSize(count: train.count)
    let loss = configuration.resolvedLoss(isClassifying: !train.classNames.isEmpty)
    let step = try TrainStep(
      model, loss: loss, optimizer: configuration.optimizer, featureShape: train.featureShape,
      scaling: scaling, options: configuration.stepOptions)
    let store = try VariableStore(context, variables: step.variables, seed: configuration.seed)
    try await setInitialWeights(of: step, in: store)
    let accumulating = try step.accumulation.map { try Session($0, store: store) }
    let pipeline = StepPipeline(
      session: try Session(step.training, store: store), step: step, accumulating: accumulating,
      batchesPerStep: configuration.accumulation)
    var sweep = RateSweep(rates: Trainer.rates, memory: Trainer.memory, limit: Trainer.explosion)
    var epoch = 0
    while !sweep.isOver {
      let loader = try BatchLoader(
        train, batchSize: batchSize, shuffledBy: (seed: configuration.seed, epoch: epoch))
      var (place, sum, count) = (0, 0.0, 0)
      let isComplete = try await pipeline.run(
        loader, isOver: { sweep.isOver },
        willSubmit: { try store.setLearningRate(Float(sweep.nextRate())) },
        didFinish: { batch, finished in
          let loss = Double(try await finished.outputs().scalar("loss"))
          place += 1
          sum += loss * Double(batch.count)
          count += batch.count
          guard place % configuration.accumulation == 0 || place == loader.batchCount else {
            return
          }
          sweep.add(sum / Double(count))
          (sum, count) = (0, 0)
        })
      guard isComplete else { throw CancellationError() }
      epoch += 1
    }
    return LearningRateTest(sweep.steps)
  }
}

/// Learning rates that rise by equal ratios, and what losses they gave.
private struct RateSweep {
  private let first: Double
  private let ratio: Double
  private let most: Int
  private let memory: Double
  private let limit: Double
  private var given: [Double] = []
  private var mean = 0.0
  private var least = Double.infinity
  private var hasExploded = false
  private(set) var steps: [(rate: Double, loss: Double)] = []

  init(rates: (first: Double, last: Double, steps: Int), memory: Double, limit: Double) {
    first = rates.first
    ratio = pow(rates.last / rates.first, 1 / Double(rates.steps - 1))
    most = rates.steps
    self.memory = memory
    self.limit = limit
  }

  var isOver: Bool { hasExploded || given.count >= most }

  mutating func nextRate() -> Double {
    given.append(first * pow(ratio, Double(given.count)))
    return given[given.count - 1]
  }

  /// Adds the loss of the next of the given rates.
  mutating func add(_ loss: Double) {
    // The steps that were under way when the loss exploded tell nothing more.
    guard !hasExploded, steps.count < given.count else { return }
    guard loss.isFinite else {
      hasExploded = true
      return
    }
    steps.append((given[steps.count], loss))
    mean = steps.count == 1 ? loss : memory * mean + (1 - memory) * loss
    least = min(least, mean)
    hasExploded = mean > limit * least
  }
}
