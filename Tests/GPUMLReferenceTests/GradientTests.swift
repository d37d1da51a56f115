import Foundation
import GPUMLGraph
import GPUMLReference
import Testing

/// Constants of gradients have the type of what they are multiplied with, of float32 6e-8 of each
/// term, and central differences add 1e-9.
private let tolerance = 1e-6

extension TrialCase {
  /// Some roundings of constants in the types of the operands.
  fileprivate var tolerance: Double {
    let dtypes = Set(trial.operands.map(\.dtype))
    return dtypes.contains(.bfloat16)
      ? 0x1p-6 : dtypes.contains(.float16) ? 0x1p-9 : GPUMLReferenceTests.tolerance
  }
}

@Suite("Gradients")
struct GradientTests {
  private static let differentiable = TrialTable.all.filter(\.isDifferentiable).map(\.name)

  /// How many trials a primitive has: `GPUML_TRIALS`, or 200 with `GPUML_FULL=1`, else 24.
  private static let trials: Int = {
    let environment = ProcessInfo.processInfo.environment
    if let chosen = environment["GPUML_TRIALS"].flatMap({ Int($0) }) { return chosen }
    return environment["GPUML_FULL"] == "1" ? 200 : 24
  }()

  /// The seed of all trials: `GPUML_TRIAL_SEED`, or 7; printed once.
  private static let seed: UInt64 = {
    let given = ProcessInfo.processInfo.environment["GPUML_TRIAL_SEED"].flatMap { UInt64($0) }
    let seed = given ?? 7
    print("Seed \(seed): gradients by central differences, \(trials) trials each")
    return seed
  }()

  @Test("gradient matches central differences", arguments: differentiable)
  func matches(name: String) throws {
    let subject = try #require(TrialTable.all.first { $0.name == name })
    var checked = 0
    for place in 0..<GradientTests.trials {
      let item = try TrialCase(
        subject, place: place, seed: GradientTests.seed, mostElements: 50)
      let deviation = try GradientCheck.deviation(item)
      #expect(deviation <= item.tolerance, "seed \(GradientTests.seed), \(item.description)")
      checked += item.loss == nil ? 0 : item.targets.count
    }
    #expect(checked > 0, "some trial must have a gradient")
  }

  @Test("a wrong gradient is caught by the same check")
  func negativeControl() throws {
    for (factor, isRight) in [(2, true), (2.001, false)] {
      let subject = TrialSubject("test_square", "x²") { _ in
        Trial([Trial.Operand([2, 3], .float32, .real(low: 1, high: 2))]) {
          [try Square(factor: factor)($0[0])]
        }
      }
      let item = try TrialCase(subject, place: 0, seed: 1)
      #expect(try (GradientCheck.deviation(item) <= tolerance) == isRight)
    }
  }

  @Test("a primitive without a gradient on the way is named")
  func notDifferentiable() throws {
    let logits = try Tensor.input("x", shape: [2, 3])
    let labels = try Tensor.input("labels", shape: [2], dtype: .int32)
    let inner = try logits.softmaxCrossEntropy(labels: labels).sum()
    let first = try gradients(of: inner, withRespectTo: [logits])[0]
    #expect {
      try gradients(of: first.sum(), withRespectTo: [logits])
    } throws: {
      guard case GraphError.notDifferentiable(let operation, _) = $0 else { return false }
      return operation == "softmax_cross_entropy_gradient"
    }
  }
}

/// x², whose gradient is wrong unless the factor is 2: the negative control.
private struct Square: UnaryPrimitive, ReferenceUnary {
  static let name = "test_square"
  static let summary = "x²"
  static let dtypes = DType.floating
  static let differentiability = Differentiability.differentiable
  var factor = 2.0
  init() {}
  init(factor: Double) { self.factor = factor }
  func real(_ x: Double) -> Double { x * x }
  func gradient(_ step: BackwardStep) throws -> [Tensor?] {
    [try step.gradient.map { try $0 * step.inputs[0] * factor }]
  }
}
