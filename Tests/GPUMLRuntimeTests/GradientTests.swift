import GPUMLDevice
import GPUMLGraph
import Testing

@testable import GPUMLRuntime

/// Gradients as the device computes them, against the float64 reference of the same graph; the
/// reference's own gradients are checked by central differences where it is tested.
@Suite("Gradients on the device")
struct GradientTests {
  typealias Build = @Sendable (_ x: Tensor, _ y: Tensor) throws -> Tensor

  /// Name of each differentiable primitive and a use of it; x and y are [7, 19].
  static let uses: [(name: String, build: Build)] = [
    ("add", { try $0 + $1 }), ("subtract", { try $0 - $1 }), ("multiply", { try $0 * $1 }),
    ("divide", { try $0 / ($1 * $1 + 1) }), ("maximum", { try $0.maximum($1) }),
    ("select", { try $0.isLess($1).select($0, $1 * 2) }),
    ("cast", { try $0.cast(to: .float32) * $1 }), ("exp", { try $0.exp() * $1 }),
    ("log", { try ($0 * $0 + 0.5).log() * $1 }),
    ("sqrt", { try ($0 * $0 + 0.5).squareRoot() * $1 }),
    ("erf", { try $0.erf() * $1 }), ("relu", { try $0.relu() * $1 }),
    ("gelu", { try $0.gelu() * $1 + $0.gelu(approximate: true) }),
    ("tanh", { try $0.tanh() * $1 }), ("sigmoid", { try $0.sigmoid() * $1 }),
    ("sum", { try $0.sum(axes: [0]) * $1 }),
    ("mean", { try $0.mean(axes: [1], keepingAxes: true) * $1 }),
    ("reduce_max", { try $0.max(axes: [1], keepingAxes: true) * $1 }),
    ("reshape", { try $0.reshaped(to: [19, 7]).transposed() * $1.reshaped(to: [7, 19]) }),
    ("transpose", { try $0.transposed() * $1.transposed().exp() }),
    ("expand", { try $0.reshaped(to: [7, 1, 19]).expanded(to: [7, 3, 19]) * $1.sum(axes: [0]) }),
    ("matmul", { try $0.matmul($1, transposesRight: true).matmul($1) * $0 }),
    ("softmax", { try $0.softmax() * $1 }),
    ("softmax_cross_entropy", { try $0.softmaxCrossEntropy(labels: $1.argmax()) }),
  ]

  @Test("agree with the reference", arguments: Harness.families)
  func agree(family: KernelFamily) async throws {
    // In thirds, so that no program grows too large.
    for third in 0..<3 {
      var outputs: [Tensor] = []
      var names: [String] = []
      let x = try Tensor.input("x", shape: [7, 19])
      let y = try Tensor.input("y", shape: [7, 19])
      for (index, use) in GradientTests.uses.enumerated() where index % 3 == third {
        outputs += try gradients(of: use.build(x, y).sum(), withRespectTo: [x, y])
        names.append(use.name)
      }
      let inputs = [
        "x": try Harness.random([7, 19], seed: 1), "y": try Harness.random([7, 19], seed: 2),
      ]
      try await Harness.compare(
        outputs, inputs, family: family, relative: 1e-4, absolute: 2e-5, note: "\(names)")
    }
  }

  @Test("every differentiable primitive is among them")
  func complete() {
    let differentiable = PrimitiveRegistry.all.filter { $0.differentiability == .differentiable }
    #expect(Set(differentiable.map { $0.name }) == Set(GradientTests.uses.map(\.name)))
  }
}
