import GPUMLGraph
import GPUMLNN

/// The graphs of a network: one that trains it, one that measures it, one that predicts with it.
///
/// All three share the network's variables. Their inputs are `x`, `[batch] + featureShape` as
/// `float32`, and in the first two `y`, `[batch]`: class indices as `int32` or numbers as `float32`.
public struct TrainStep: Sendable {
  /// The name of the graphs' input.
  public static let inputName = "x"
  /// The name of the input with what should be predicted.
  public static let targetName = "y"
  /// The symbol for the number of examples.
  static let batchName = "batch"

  /// Forward, loss, backward and update; outputs `loss` and, for a classifier, `correct`: how many
  /// of the batch were right before the update.
  public let training: Graph
  /// The same but for the update: what a batch gives is added up until `training` has run, whose
  /// update is then that of all these batches as one. Nil unless the options ask for it.
  public let accumulation: Graph?
  /// Without dropout and updates; outputs `loss`, `output` and, for a classifier, `probabilities`. The
  /// loss is the plain one, without
  /// class weights or label smoothing, so that differently trained models compare.
  public let evaluation: Graph
  /// Takes `x` alone; outputs `logits` and `probabilities`, or `prediction` of shape `[batch]` or
  /// that of the network's output.
  public let prediction: Graph
  /// The network's own variables.
  public let weights: [NamedVariable]
  /// What evaluation reads and a saved model holds, under the names of `weights`: the moving averages
  /// of parameters if the options ask for them, and the weights themselves for the rest.
  public let keptWeights: [NamedVariable]
  /// What the optimizer keeps, called `<parameter>.<kind>`.
  public let slots: [NamedVariable]
  /// The number of classes; nil if numbers are predicted.
  public let classCount: Int?
  /// The network's layers; nil for one of other modules than `Sequential` and the layers that model
  /// files can name.
  public let layers: LayerList?
  /// What the network's output is scaled with; nil for an output as it is.
  let scaling: TargetScaling?

  /// All variables: what a `VariableStore` for these graphs must hold.
  public var variables: [NamedVariable] { weights + slots }

  /// Builds the graphs.
  ///
  /// - Parameters:
  ///   - model: Takes `[batch] + featureShape`. For `crossEntropy` it gives `[batch, classes]`.
  ///   - loss: What is minimised.
  ///   - optimizer: How gradients change the parameters.
  ///   - featureShape: The shape of one example.
  ///   - scaling: For `meanSquaredError`, what the network's output is to be scaled with: the loss
  ///     compares unscaled values, `output` and `prediction` are scaled.
  ///   - options: What a step does besides.
  /// - Throws: `TrainingError.invalidModel` if the model has nothing to train or its output does
  ///   not fit the loss; `TrainingError.invalidConfiguration` if an option does not fit;
  ///   `NNError` or `GraphError` if it does not take the input.
  public init(
    _ model: any Module, loss: Loss, optimizer: any Optimizer, featureShape: [Int],
    scaling: TargetScaling? = nil, options: Options = Options()
  ) throws {
    try options.validate()
    try options.check(isClassifying: loss == .crossEntropy)
    let scaling = loss == .meanSquaredError ? scaling : nil
    self.scaling = scaling
    layers = LayerList(describing: model)
    try model.checkNames()
    weights = model.namedVariables()
    let parameters = weights.filter { $0.variable.role == .parameter }
    guard !parameters.isEmpty else {
      throw TrainingError.invalidModel(reason: "it has no parameters to train")
    }
    let trained = try NamePattern.leavingOut(options.frozen, from: parameters)
    let batch = Dim.symbol(TrainStep.batchName)
    let x = try Tensor.input(TrainStep.inputName, shape: [batch] + [Dim](featureShape))
    let y = try Tensor.input(TrainStep.targetName, shape: [batch], dtype: loss.targetDType)

    let context = ForwardContext(.training)
    let output = try model(x, in: context)
    classCount = try TrainStep.classes(of: output, loss: loss)
    let target = try scaling?.unscaled(y) ?? y
    let trainingLoss = try TrainStep.scalar(loss, output, target, options: options)
    var outputs = [Graph.Output("loss", trainingLoss)]
    if classCount != nil {
      let isCorrect = try output.argmax().isEqual(y)
      outputs.append(.init("correct", try isCorrect.cast(to: .float32).sum()))
    }
    let updates = try StepUpdates(
      of: trained, loss: trainingLoss, count: SizeOf.tensor([batch], dtype: .float32),
      optimizer: optimizer, options: options)
    slots = updates.slots
    training = try Graph(outputs: outputs, updates: updates.training + context.updates)
    accumulation = try updates.accumulation.map {
      try Graph(outputs: outputs, updates: $0 + context.updates)
    }
    keptWeights = weights.map {
      NamedVariable(name: $0.name, variable: updates.averages[$0.variable] ?? $0.variable)
    }

    let inferred = try model(x, in: ForwardContext(.inference))
    var measured: [Graph.Output] = [
      .init("loss", try TrainStep.scalar(loss, inferred, target)),
      .init("output", try scaling?.scaled(inferred) ?? inferred),
    ]
    if classCount != nil { measured.append(.init("probabilities", try inferred.softmax())) }
    evaluation = try Graph(outputs: measured).rewritten { node, _ in
      node.variable.flatMap { updates.averages[$0] }.map { [$0.tensor] }
    }
    if classCount != nil {
      prediction = try Graph(outputs: [
        .init("logits", inferred), .init("probabilities", try inferred.softmax()),
      ])
    } else {
      let aligned = try Loss.aligned(inferred, with: y)
      prediction = try Graph(outputs: [
        .init("prediction", try scaling?.scaled(aligned) ?? aligned)
      ])
    }
  }

  /// The loss, its errors told in terms of the model.
  private static func scalar(
    _ loss: Loss, _ output: Tensor, _ target: Tensor, options: Options = Options()
  ) throws -> Tensor {
    do {
      guard options.changesLoss else { return try loss(output, target: target) }
      if let weights = options.classWeights, [Dim](output.shape.suffix(1)) != [Dim(weights.count)] {
        throw TrainingError.invalidConfiguration(
          key: "class-weights", reason: "\(weights.count) for an output of \(output.shape.text)")
      }
      // The sum is divided by the number of examples, not by their weights: so a batch in which a
      // rare class happens to be frequent counts for more, and one of a single class for its weight.
      return try output.crossEntropy(
        labels: target,
        weights: options.classWeights.map { try .constant(HostTensor($0.map { Float($0) })) },
        labelSmoothing: options.labelSmoothing, reduction: .none
      ).mean()
    } catch let error as GraphError {
      throw TrainingError.invalidModel(reason: "its output does not fit the loss: \(error)")
    }
  }

  private static func classes(of output: Tensor, loss: Loss) throws -> Int? {
    guard loss == .crossEntropy else { return nil }
    guard output.rank == 2, let classes = output.shape[1].constant, classes >= 1 else {
      let shape = "[" + output.shape.map(\.description).joined(separator: ", ") + "]"
      throw TrainingError.invalidModel(
        reason: "its output is \(shape); a classifier's is [batch, classes]")
    }
    return classes
  }
}
