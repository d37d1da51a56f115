import ArgumentParser
import GPUML

/// How a network is trained.
struct TrainingOptions: ParsableArguments {
  @Option(help: ArgumentHelp("linear, mlp, or mlp:SIZE,SIZE with hidden layers of those sizes."))
  var model = "mlp"

  @Option(
    help: ArgumentHelp("How many times all examples are seen; 30 by default.", valueName: "n"))
  var epochs: Int?

  @Option(
    help: ArgumentHelp(
      "The examples of a step; what suits their number by default.", valueName: "n"))
  var batchSize: Int?

  @Option(help: "How gradients change the parameters.")
  var optimizer = OptimizerName.adamw

  @Option(help: ArgumentHelp("The learning rate; the optimizer's own by default.", valueName: "x"))
  var lr: Double?

  @Option(
    help: ArgumentHelp(
      "The share of each parameter taken off; the optimizer's own by default.", valueName: "x"))
  var weightDecay: Double?

  @Option(
    help: ArgumentHelp(
      "The largest norm of all gradients together; what is larger is scaled down.",
      valueName: "x"))
  var clipNorm: Double?

  @Option(
    help: ArgumentHelp(
      "The batches whose gradients make one update, as if a batch were as many times as large.",
      valueName: "n"))
  var accumulate = 1

  @Option(
    help: ArgumentHelp(
      "Average the weights, of which this share stays at each update, as in 0.99; validation and the saved model use the averages.",
      valueName: "x"))
  var ema: Double?

  @Option(
    help: ArgumentHelp(
      "What classes count in the training's loss: balanced, the rarer the more.",
      valueName: "weights"))
  var classWeights: ClassWeightsName?

  @Option(
    help: ArgumentHelp(
      "The share of the target that all classes divide among them, as in 0.1; validation has none.",
      valueName: "x"))
  var labelSmoothing: Double?

  @Option(
    help: ArgumentHelp("How the learning rate changes; cosine by default.", valueName: "schedule"))
  var lrSchedule: ScheduleName?

  @Option(
    help: ArgumentHelp(
      "The epochs over which the learning rate rises at the beginning.", valueName: "n"))
  var warmupEpochs: Int?

  @Option(
    help: ArgumentHelp(
      "The epochs without a better one after which the training ends.", valueName: "n"))
  var patience: Int?

  @Option(
    help: ArgumentHelp(
      "The time after which the training ends, as in 90s, 10m or 2h.", valueName: "time"))
  var timeLimit: TimeSpan?

  @Option(
    help: ArgumentHelp(
      "What first values and the order of the examples are made from.", valueName: "n"))
  var seed: UInt64 = 0

  /// The configuration, as far as these options say.
  ///
  /// - Throws: `TrainingError.invalidConfiguration` for a weight decay that makes no sense.
  func configuration() throws -> TrainingConfiguration {
    if let weightDecay, !(weightDecay >= 0 && weightDecay.isFinite) {
      throw TrainingError.invalidConfiguration(
        key: "weight-decay", reason: "\(weightDecay) is not a number from 0 on")
    }
    var result = TrainingConfiguration()
    if let optimizer = Optimizers.named(optimizer.rawValue, weightDecay: weightDecay) {
      result.optimizer = optimizer
    }
    if let schedule = lrSchedule.flatMap({ LearningRateSchedule(named: $0.rawValue) }) {
      result.schedule = schedule
    }
    result.epochs = epochs ?? result.epochs
    result.batchSize = batchSize
    result.learningRate = lr
    result.clipNorm = clipNorm
    result.accumulation = accumulate
    result.averageDecay = ema
    result.classWeights = classWeights?.weights
    result.labelSmoothing = labelSmoothing ?? result.labelSmoothing
    result.warmupEpochs = warmupEpochs ?? result.warmupEpochs
    result.patience = patience
    result.timeLimit = timeLimit?.duration
    result.seed = seed
    return result
  }
}

/// The optimizers that can be asked for.
enum OptimizerName: String, CaseIterable, ExpressibleByArgument {
  case sgd, adam, adamw, rmsprop, adagrad, lion, lamb
}

/// The class weights that can be asked for.
enum ClassWeightsName: String, CaseIterable, ExpressibleByArgument {
  case balanced

  var weights: ClassWeights {
    switch self {
    case .balanced: .balanced
    }
  }
}

/// The schedules that can be asked for.
enum ScheduleName: String, CaseIterable, ExpressibleByArgument {
  case constant, step, cosine, onecycle
}
