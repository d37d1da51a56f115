/// The small block of numbers on the device that changes from step to step without a new plan.
public struct StepState: Sendable, Hashable {
  /// Completed training steps.
  public var step: UInt32 = 0
  /// Whether all gradients have been finite so far; while it is false updates write nothing.
  public var isFinite = true
  /// The key of all random numbers.
  public var seed: UInt64 = 0
  /// The learning rate of the next step.
  public var learningRate: Float = 1e-3
  /// What the loss is multiplied with before the backward pass.
  public var lossScale: Float = 1
  /// Counts the steps for random numbers.
  public var randomCounter: UInt64 = 0

  /// The state before the first step.
  public init() {}

  package static let byteCount = 32
  package static let learningRateOffset = 16

  /// The block as the kernels see it (`Kernels/Optimizer/state.cl`).
  package var words: [UInt32] {
    [
      step, isFinite ? 1 : 0, UInt32(truncatingIfNeeded: seed),
      UInt32(truncatingIfNeeded: seed >> 32), learningRate.bitPattern, lossScale.bitPattern,
      UInt32(truncatingIfNeeded: randomCounter), UInt32(truncatingIfNeeded: randomCounter >> 32),
    ]
  }

  package init(words: [UInt32]) {
    guard words.count >= 8 else { return }
    step = words[0]
    isFinite = words[1] != 0
    seed = UInt64(words[3]) << 32 | UInt64(words[2])
    learningRate = Float(bitPattern: words[4])
    lossScale = Float(bitPattern: words[5])
    randomCounter = UInt64(words[7]) << 32 | UInt64(words[6])
  }
}
