import ArgumentParser
import GPUML

/// How a network is trained.
struct TrainingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      linear, mlp, mlp:SIZE,SIZE with hidden layers of those sizes, or a YAML file that lists layers; \
      mlp by default.
      """))
  var model: String?

  @Option(
    help: ArgumentHelp(
      """
      A run's folder or a model's file whose layers, weights and preprocessing the training begins with; \
      where other classes are predicted, the last layer begins anew.
      """,
      valueName: "run"))
  var from: String?

  @Option(
    help: ArgumentHelp(
      "Parameters that stay as they are, by patterns of their names, as in layers.0.*.",
      valueName: "pattern,pattern"))
  var freeze: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many times all examples are seen; 30 by default.", valueName: "n"))
  var epochs: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The examples of a step; what suits their number by default.", valueName: "n"))
  var batchSize: Int?

  @Option(
    help: ArgumentHelp(
      "How gradients change the parameters; adamw by default.", valueName: "optimizer"))
  var optimizer: OptimizerName?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The learning rate; the optimizer's own by default.", valueName: "x"))
  var lr: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The share of each parameter taken off; the optimizer's own by default.", valueName: "x"))
  var weightDecay: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The largest norm of all gradients together; what is larger is scaled down.",
      valueName: "x"))
  var clipNorm: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The batches whose gradients make one update, as if a batch were as many times as large.",
      valueName: "n"))
  var accumulate: Int?

  @Option(
    parsing: .unconditional,
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
    parsing: .unconditional,
    help: ArgumentHelp(
      "The share of the target that all classes divide among them, as in 0.1; validation has none.",
      valueName: "x"))
  var labelSmoothing: Double?

  @Option(
    help: ArgumentHelp("How the learning rate changes; cosine by default.", valueName: "schedule"))
  var lrSchedule: ScheduleName?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The epochs over which the learning rate rises at the beginning.", valueName: "n"))
  var warmupEpochs: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The epochs without a better one after which the training ends.", valueName: "n"))
  var patience: Int?

  @Option(
    help: ArgumentHelp(
      "The time after which the training ends, as in 90s, 10m or 2h; of a resumed one, from then on.",
      valueName: "time"))
  var timeLimit: TimeSpan?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What first values and the order of the examples are made from; 0 by default.",
      valueName: "n"))
  var seed: UInt64?

  /// What these options set.
  func settings() -> [(key: String, value: SettingValue?)] {
    [
      ("model", SettingValue(model)), ("from", SettingValue(from)),
      ("freeze", SettingValue(freeze)), ("epochs", SettingValue(epochs)),
      ("batch_size", SettingValue(batchSize)),
      ("optimizer", SettingValue(optimizer?.rawValue)),
      ("weight_decay", SettingValue(weightDecay)), ("lr", SettingValue(lr)),
      ("lr_schedule", SettingValue(lrSchedule?.rawValue)),
      ("warmup_epochs", SettingValue(warmupEpochs)), ("patience", SettingValue(patience)),
      ("clip_norm", SettingValue(clipNorm)), ("accumulate", SettingValue(accumulate)),
      ("ema", SettingValue(ema)), ("class_weights", SettingValue(classWeights?.rawValue)),
      ("label_smoothing", SettingValue(labelSmoothing)),
      ("time_limit", SettingValue(timeLimit?.text)), ("seed", SettingValue(seed)),
    ]
  }
}

extension SettingValue {
  /// What a flag says; nil where it is not given.
  init?<Value: CustomStringConvertible>(_ value: Value?) {
    guard let value else { return nil }
    self = .text(value.description)
  }

  /// What a switch says; nil where it is not given.
  init?(isOn: Bool) {
    if !isOn { return nil }
    self = .text("true")
  }
}

/// The optimizers that can be asked for.
enum OptimizerName: String, CaseIterable, ExpressibleByArgument {
  case sgd, adam, adamw, rmsprop, adagrad, lion, lamb
}

/// The class weights that can be asked for.
enum ClassWeightsName: String, CaseIterable, ExpressibleByArgument {
  case balanced
}

/// The schedules that can be asked for.
enum ScheduleName: String, CaseIterable, ExpressibleByArgument {
  case constant, step, cosine, onecycle
}
