import GPUMLNN

/// How a training goes; every value has a default.
public struct TrainingConfiguration: Sendable {
  /// How many times all examples are seen, at least 1.
  public var epochs = 30
  /// The examples of a step, at least 1 and at most as many as there are; nil for 32, 64 from
  /// 5,000 examples on, 128 from 20,000 on, or all if there are fewer.
  public var batchSize: Int?
  /// How gradients change the parameters.
  public var optimizer: any Optimizer = AdamW()
  /// The learning rate that the schedule starts from, above 0; nil for the optimizer's default.
  public var learningRate: Double?
  /// How the learning rate changes.
  public var schedule = LearningRateSchedule.cosine
  /// The epochs over which the learning rate rises evenly at the beginning.
  public var warmupEpochs = 0
  /// What is minimised; nil for what suits the labels.
  public var loss: Loss?
  /// What the losses of the classes count; nil for all the same. Validation and test count all the
  /// same.
  public var classWeights: ClassWeights?
  /// The share of the target that all classes divide among them, in 0..<1. Validation and test have
  /// none.
  public var labelSmoothing = 0.0
  /// The largest Euclidean norm of all gradients together, above 0: what is larger is scaled down.
  public var clipNorm: Double?
  /// The batches whose gradients make one update, at least 1: as if a batch were as many times as
  /// large, in the memory of one. An epoch's last update may have fewer.
  public var accumulation = 1
  /// How much of the weights' moving averages stays from update to update, in 0..<1: validation and
  /// the saved model use the averages. Nil for the weights themselves.
  public var averageDecay: Double?
  /// Patterns of the names of parameters that stay as they are, such as `layers.0.*`.
  public var frozen: [String] = []
  /// What first values, order of the examples and random draws are made from.
  public var seed: UInt64 = 0
  /// The share of the examples that choose the best epoch, in 0..<1.
  public var validationSplit = 0.2
  /// The share of the examples kept for a last test, in 0..<1.
  public var testSplit = 0.0
  /// The epochs without a better one after which the training ends; nil for never.
  public var patience: Int?
  /// The time after which the training ends with the step that is under way; nil for never. What was
  /// learned by then is validated as at the end of an epoch.
  public var timeLimit: Duration?

  /// The defaults.
  public init() {}

  /// The learning rate that the schedule starts from.
  public var resolvedLearningRate: Double { learningRate ?? optimizer.defaultLearningRate }

  /// Checks every value but the batch size.
  ///
  /// - Throws: `TrainingError.invalidConfiguration`.
  public func validate() throws(TrainingError) {
    func check(_ isValid: Bool, _ key: String, _ reason: String) throws(TrainingError) {
      if !isValid { throw .invalidConfiguration(key: key, reason: reason) }
    }
    try check(
      (1...1_000_000_000).contains(epochs), "epochs", "\(epochs) is not in 1...1000000000")
    let rate = resolvedLearningRate
    try check(
      rate > 0 && Float(rate).isFinite && Float(rate) > 0, "lr",
      "the learning rate \(rate) is not a number above 0 that fits a float")
    try check(warmupEpochs >= 0, "warmup-epochs", "\(warmupEpochs) is below 0")
    try check(
      warmupEpochs < epochs || warmupEpochs == 0, "warmup-epochs",
      "\(warmupEpochs) leaves none of \(epochs) epochs")
    try check(
      schedule != .oneCycle || warmupEpochs == 0, "warmup-epochs",
      "the onecycle schedule has a warm-up of its own")
    for (key, share) in [("val-split", validationSplit), ("test-split", testSplit)] {
      try check(share >= 0 && share < 1, key, "\(share) is not in 0..<1")
    }
    try check(
      validationSplit + testSplit < 1, "val-split",
      "\(validationSplit) for validation and \(testSplit) for the test leave nothing to learn from")
    if let patience { try check(patience >= 1, "patience", "\(patience) is below 1") }
    if let batchSize { try check(batchSize >= 1, "batch-size", "\(batchSize) is below 1") }
    try check(accumulation >= 1, "accumulate", "\(accumulation) is below 1")
    if let timeLimit {
      try check(timeLimit > .zero, "time-limit", "\(timeLimit.inSeconds) seconds are not above 0")
    }
    try schedule.validate()
    try stepOptions.validate()
  }

  /// Checks that what is asked for makes sense for classes or for numbers.
  ///
  /// - Throws: `TrainingError.invalidConfiguration`.
  func check(isClassifying: Bool) throws(TrainingError) {
    if classWeights != nil, !isClassifying {
      throw .invalidConfiguration(
        key: "class-weights", reason: "is for classes, and numbers are predicted")
    }
    try stepOptions.check(isClassifying: isClassifying)
  }

  /// What a step does besides; balanced class weights must have become numbers.
  var stepOptions: TrainStep.Options {
    var options = TrainStep.Options()
    options.clipNorm = clipNorm
    if case .explicit(let values)? = classWeights { options.classWeights = values }
    options.labelSmoothing = labelSmoothing
    options.averageDecay = averageDecay
    options.accumulates = accumulation > 1
    options.frozen = frozen
    return options
  }

  /// What is minimised for classes or for numbers.
  func resolvedLoss(isClassifying: Bool) -> Loss {
    loss ?? (isClassifying ? .crossEntropy : .meanSquaredError)
  }

  /// The examples of a step where there are `count` to learn from.
  func resolvedBatchSize(count: Int) throws(TrainingError) -> Int {
    guard let batchSize else { return min(count, count < 5000 ? 32 : count < 20_000 ? 64 : 128) }
    guard batchSize <= count else {
      throw .invalidConfiguration(
        key: "batch-size", reason: "\(batchSize) is more than the \(count) examples to learn from")
    }
    return batchSize
  }
}
