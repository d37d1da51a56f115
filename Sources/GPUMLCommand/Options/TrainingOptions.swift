import ArgumentParser
import GPUML

/// How a network is trained.
struct TrainingOptions: ParsableArguments {
  @Option(help: ArgumentHelp("linear, mlp, or mlp:SIZE,SIZE with hidden layers of those sizes."))
  var model = "mlp"

  @Option(help: "How many times all examples are seen.")
  var epochs: Int?

  @Option(help: "The examples of a step.")
  var batchSize: Int?

  @Option(help: "How gradients change the parameters.")
  var optimizer = OptimizerName.adamw

  @Option(help: "The learning rate; the optimizer's own by default.")
  var lr: Double?

  @Option(help: "The share of each parameter taken off; the optimizer's own by default.")
  var weightDecay: Double?

  @Option(help: "How the learning rate changes.")
  var lrSchedule: ScheduleName?

  @Option(help: "The epochs over which the learning rate rises at the beginning.")
  var warmupEpochs: Int?

  @Option(help: "The epochs without a better one after which the training ends.")
  var patience: Int?

  @Option(help: "What first values and the order of the examples are made from.")
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
    result.warmupEpochs = warmupEpochs ?? result.warmupEpochs
    result.patience = patience
    result.seed = seed
    return result
  }
}

/// The optimizers that can be asked for.
enum OptimizerName: String, CaseIterable, ExpressibleByArgument {
  case sgd, adam, adamw
}

/// The schedules that can be asked for.
enum ScheduleName: String, CaseIterable, ExpressibleByArgument {
  case constant, step, cosine, onecycle
}
