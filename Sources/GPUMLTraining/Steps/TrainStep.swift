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

  /// Forward, loss, backward and update; outputs `loss` and, for a classifier, `correct`: how many
  /// of the batch were right before the update.
  public let training: Graph
  /// Without dropout and updates; outputs `loss` and `output`.
  public let evaluation: Graph
  /// Takes `x` alone; outputs `logits` and `probabilities`, or `prediction` of shape `[batch]` or
  /// that of the network's output.
  public let prediction: Graph
  /// The network's own variables.
  public let weights: [NamedVariable]
  /// What the optimizer keeps, called `<parameter>.<kind>`.
  public let slots: [NamedVariable]
  /// The number of classes; nil if numbers are predicted.
  public let classCount: Int?

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
  /// - Throws: `TrainingError.invalidModel` if the model has nothing to train or its output does
  ///   not fit the loss; `NNError` or `GraphError` if it does not take the input.
  public init(
    _ model: any Module, loss: Loss, optimizer: any Optimizer, featureShape: [Int],
    scaling: TargetScaling? = nil
  ) throws {
    let scaling = loss == .meanSquaredError ? scaling : nil
    try model.checkNames()
    weights = model.namedVariables()
    let parameters = weights.filter { $0.variable.role == .parameter }
    guard !parameters.isEmpty else {
      throw TrainingError.invalidModel(reason: "it has no parameters to train")
    }
    let batch = Dim.symbol("batch")
    let x = try Tensor.input(TrainStep.inputName, shape: [batch] + [Dim](featureShape))
    let y = try Tensor.input(TrainStep.targetName, shape: [batch], dtype: loss.targetDType)

    let output = try model(x, in: ForwardContext(.training))
    classCount = try TrainStep.classes(of: output, loss: loss)
    let target = try scaling?.unscaled(y) ?? y
    let trainingLoss = try TrainStep.scalar(loss, output, target)
    let tensors = parameters.map(\.variable.tensor)
    let updates = try optimizer.updates(
      parameters.map(\.variable), gradients: gradients(of: trainingLoss, withRespectTo: tensors))
    slots = try TrainStep.slots(of: updates, for: parameters)
    var outputs = [Graph.Output("loss", trainingLoss)]
    if classCount != nil {
      let isCorrect = try output.argmax().isEqual(y)
      outputs.append(.init("correct", try isCorrect.cast(to: .float32).sum()))
    }
    training = try Graph(outputs: outputs, updates: updates)

    let inferred = try model(x, in: ForwardContext(.inference))
    evaluation = try Graph(outputs: [
      .init("loss", try TrainStep.scalar(loss, inferred, target)),
      .init("output", try scaling?.scaled(inferred) ?? inferred),
    ])
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
  private static func scalar(_ loss: Loss, _ output: Tensor, _ target: Tensor) throws -> Tensor {
    do {
      return try loss(output, target: target)
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

  private static func slots(
    of updates: [Update], for parameters: [NamedVariable]
  ) throws -> [NamedVariable] {
    var counts: [String: Int] = [:]
    return try updates.compactMap { update in
      guard case .slot(let kind) = update.variable.role else { return nil }
      let place = counts[kind, default: 0]
      counts[kind] = place + 1
      guard place < parameters.count else {
        throw TrainingError.invalidModel(
          reason: "the optimizer keeps more slots '\(kind)' than there are parameters")
      }
      return NamedVariable(name: "\(parameters[place].name).\(kind)", variable: update.variable)
    }
  }
}
