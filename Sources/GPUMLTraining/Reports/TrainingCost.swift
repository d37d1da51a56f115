import GPUMLGraph
import GPUMLRuntime

/// What a training takes, as its plans tell before anything runs.
public struct TrainingCost: Sendable, Equatable {
  /// The examples to learn from.
  public let exampleCount: Int
  /// The examples of a step.
  public let batchSize: Int
  /// The updates of an epoch.
  public let stepsPerEpoch: Int
  /// The multiplications and additions of the products of a step, forward and backward; nil if unknown.
  public let operationsPerStep: Int?
  /// Those of a prediction of one example; nil if unknown.
  public let operationsPerExample: Int?
  /// The bytes of the network's variables.
  public let variableBytes: Int
  /// The bytes of what the optimizer and the options keep for them.
  public let slotBytes: Int
  /// The bytes of gradients.
  public let gradientBytes: Int
  /// The bytes of everything between, of training and validation.
  public let workBytes: Int
  /// The bytes of inputs and outputs of a step in flight.
  public let transferBytes: Int

  /// All of the device's memory that is taken.
  public var deviceBytes: Int {
    variableBytes + slotBytes + gradientBytes + workBytes + transferBytes
  }
}

extension TrainingLoop {
  /// What the training takes.
  ///
  /// - Throws: `RuntimeError` if a graph cannot be planned.
  func cost() throws -> TrainingCost {
    func bytes(_ variables: [NamedVariable]) -> Int {
      variables.reduce(0) { $0 + $1.variable.count * $1.variable.dtype.byteCount }
    }
    let sizes = [TrainStep.batchName: batchSize]
    var plans = [try training.plan(sizes)]
    if let accumulating { plans.append(try accumulating.plan(sizes)) }
    if let validation {
      plans.append(try evaluator.plan(batchSize: validation.count))
    }
    return TrainingCost(
      exampleCount: source.count, batchSize: batchSize, stepsPerEpoch: stepsPerEpoch,
      operationsPerStep: step.training.productOperations(sizes),
      operationsPerExample: step.prediction.productOperations([TrainStep.batchName: 1]),
      variableBytes: bytes(step.weights), slotBytes: bytes(step.slots),
      gradientBytes: plans[0].gradientSlabs.values.reduce(0, +),
      workBytes: plans.reduce(0) { $0 + $1.memory.byteCount },
      transferBytes: plans[0].inputs.reduce(0) { $0 + $1.byteCount }
        + plans[0].outputs.reduce(0) { $0 + $1.byteCount })
  }
}
