import GPUMLGraph

/// A primitive that says what it computes, in float64.
package protocol ReferenceEvaluable: Primitive {
  /// The outputs for operands that the shape rule accepted.
  ///
  /// - Parameters:
  ///   - inputs: The operands.
  ///   - outputTypes: Shape and element type of each output, with symbols replaced by numbers.
  ///   - state: What the step knows besides the operands.
  /// - Throws: `GraphError` where a size that only a run knows does not fit.
  func evaluate(
    _ inputs: [ReferenceTensor], outputTypes: [(shape: [Int], dtype: DType)],
    state: ReferenceState
  ) throws -> [ReferenceTensor]
}

/// What a step knows besides the operands: the state block of a device, and the run's sources.
package struct ReferenceState: Sendable {
  /// The number of completed steps.
  package var step: UInt32
  /// Whether updates may write; while it is false nothing changes.
  package var finite: Bool
  /// The key of all random numbers.
  package var seed: UInt64
  /// The step of the random draws.
  package var randomCounter: UInt64
  /// The learning rate of all updates.
  package var learningRate: Float
  /// What the loss was multiplied with before the backward pass.
  package var lossScale: Float

  /// What the sources of the graph give; set by the evaluator.
  var sources = ReferenceSources()

  /// Puts them together.
  package init(
    step: UInt32 = 0, finite: Bool = true, seed: UInt64 = 0, randomCounter: UInt64 = 0,
    learningRate: Float = 0, lossScale: Float = 1
  ) {
    self.step = step
    self.finite = finite
    self.seed = seed
    self.randomCounter = randomCounter
    self.learningRate = learningRate
    self.lossScale = lossScale
  }
}

/// The values of symbols, inputs and variables in one run.
struct ReferenceSources: Sendable {
  var symbols: [String: Int] = [:]
  var inputs: [String: ReferenceTensor] = [:]
  var variables: [ObjectIdentifier: ReferenceTensor] = [:]
}
