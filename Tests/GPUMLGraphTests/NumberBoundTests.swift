import GPUMLGraph
import Testing

/// Numbers that are within a bound in Swift, but not as kernels hold them.
@Suite("Numbers held by kernels")
struct NumberBoundTests {
  private static let tiny = [1e-300, 1e-60, 1e-40]

  private func isRefused(_ build: () throws -> Any) -> Bool {
    do {
      _ = try build()
      return false
    } catch {
      return error is GraphError
    }
  }

  @Test("an epsilon that float32 takes for 0 is refused, the least normal number is not")
  func epsilons() throws {
    let least = Double(Float.leastNormalMagnitude)
    let builds: [(Double) throws -> Any] = [
      { try AdamUpdate(epsilon: $0) }, { try LAMBUpdate(epsilon: $0) },
      { try AdagradUpdate(epsilon: $0) }, { try RMSPropUpdate(epsilon: $0) },
      { try clippingScale(norm: .constant(1), maximum: $0) },
      { try Tensor.exponential(shape: [1], rate: $0, stream: 0) },
      { try Tensor.constant(1).celu(alpha: $0) }, { try Tensor.constant(1).softplus(beta: $0) },
      { try Tensor.truncatedNormal(shape: [1], deviation: $0, low: -$0, high: $0, stream: 0) },
    ]
    for (place, build) in builds.enumerated() {
      for value in NumberBoundTests.tiny + [least / 2, 1e39, 1e300] {
        #expect(isRefused { try build(value) }, "\(place): \(value)")
      }
      for value in [least, 1] { #expect(!isRefused { try build(value) }, "\(place): \(value)") }
    }
  }

  @Test("a share that float32 takes for 1 and a number that it takes for infinite are refused")
  func large() {
    let builds: [(Double) throws -> Any] = [
      { try AdamUpdate(beta1: $0) }, { try AdamUpdate(beta2: $0) }, { try LAMBUpdate(beta2: $0) },
      { try LionUpdate(beta1: $0) }, { try RMSPropUpdate(alpha: $0) },
      { try SGDUpdate(momentum: $0) }, { try Tensor.constant(1).dropout(rate: $0, stream: 0) },
    ]
    for (place, build) in builds.enumerated() {
      #expect(isRefused { try build(1 - 1e-9) }, "\(place)")
      #expect(!isRefused { try build(1 - 1e-6) }, "\(place)")
    }
    let rows = [TensorType([2, 3], .float32)]
    let finite: [(Double) throws -> Any] = [
      { try AdamUpdate(weightDecay: $0) }, { try SGDUpdate(weightDecay: $0) },
      { try AdagradUpdate(initialAccumulator: $0) },
      { try LayerNorm(axis: 1, epsilon: $0).outputTypes(rows) },
      { try RMSNorm(axis: 1, epsilon: $0).outputTypes(rows) },
    ]
    for (place, build) in finite.enumerated() {
      #expect(isRefused { try build(1e39) }, "\(place)")
      #expect(!isRefused { try build(0) }, "\(place)")
    }
  }

  @Test("distances of losses are checked in the type of their operands", arguments: DType.floating)
  func losses(dtype: DType) throws {
    let x = try Tensor.input("x", shape: [2], dtype: dtype)
    let isHalf = dtype == .float16
    for value in NumberBoundTests.tiny + (isHalf ? [1e-5, 1e5] : [1e39]) {
      #expect(isRefused { try x.huberLoss(target: x, delta: value) }, "\(value)")
      #expect(isRefused { try x.smoothAbsoluteError(target: x, beta: value) }, "\(value)")
    }
    for value in [1e-3, 1e4] + (isHalf ? [] : [1e-5, 1e5]) {
      #expect(!isRefused { try x.huberLoss(target: x, delta: value) }, "\(value)")
      #expect(!isRefused { try x.smoothAbsoluteError(target: x, beta: value) }, "\(value)")
    }
    #expect(isRefused { try x.hingeLoss(target: x, margin: isHalf ? 1e5 : 1e39) })
    #expect(isRefused { try x.clippedByValue(isHalf ? 1e5 : 1e39) })
  }

  @Test("the message names operation, number and type")
  func message() {
    #expect {
      try AdamUpdate(epsilon: 1e-60)
    } throws: {
      "\($0)" == "adam_update: epsilon must be positive and finite in float32, not 1e-60"
    }
  }
}
