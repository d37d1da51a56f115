import GPUMLDevice
import GPUMLGraph
import Testing

@testable import GPUMLRuntime

@Suite("Activations and losses on the device")
struct LossTests {
  private static let extremes: [Float] = [
    .infinity, -.infinity, 1e4, -1e4, 250, -250, 89, -104, 30, -30, 1e-30, -1e-30,
  ]

  private static let activations: [String: @Sendable (Tensor) throws -> Tensor] = [
    "relu6": { try $0.relu6() }, "leakyReLU": { try $0.leakyReLU() },
    "prelu": { try $0.prelu(slope: .constant(0.25)) }, "elu": { try $0.elu() },
    "selu": { try $0.selu() }, "celu": { try $0.celu(alpha: 2) }, "silu": { try $0.silu() },
    "mish": { try $0.mish() }, "softplus": { try $0.softplus(beta: 2) },
    "softsign": { try $0.softsign() }, "hardSigmoid": { try $0.hardSigmoid() },
    "hardSwish": { try $0.hardSwish() }, "logSigmoid": { try $0.logSigmoid() },
    "gelu": { try $0.gelu() }, "geluOfTanh": { try $0.gelu(approximate: true) },
  ]

  @Test("gradients far from 0 are those of float64, and never NaN", arguments: Harness.families)
  func extremeGradients(family: KernelFamily) async throws {
    // Longer than a vector, so that both the vector and the scalar code see them.
    let values = LossTests.extremes + LossTests.extremes
    let x = try Tensor.input("x", shape: [Dim(values.count)])
    let names = LossTests.activations.keys.sorted()
    let results = try names.compactMap { name in
      try LossTests.activations[name].map { try gradients(of: $0(x).sum(), withRespectTo: [x])[0] }
    }
    try await Harness.compare(
      results, ["x": HostTensor(values)], family: family, note: "\(names)")
    // A NaN agrees with a NaN: there must be none.
    let isFinite = try results.map {
      let isNumber = try $0.isEqual($0)
      return try isNumber.select(.constant(0), .constant(1)).sum()
    }
    let graph = try Graph(outputs: zip(names, isFinite).map { Graph.Output($0, $1) })
    let store = try VariableStore(Harness.sharedContext(family), variables: [], seed: 1)
    let counts = try await Session(graph, store: store).run(["x": HostTensor(values)])
    for name in names { #expect(counts[name]?.doubles == [0], "\(name)") }
  }

  @Test("labels beyond int32 are out of range, and read nothing", arguments: Harness.families)
  func farLabels(family: KernelFamily) async throws {
    let logits = try Tensor.input("logits", shape: [4, 3])
    let labels = try Tensor.input("labels", shape: [4], dtype: .int64)
    let outputs = try LossReduction.allCases.flatMap { reduction in
      [
        try logits.crossEntropy(labels: labels, reduction: reduction),
        try logits.crossEntropy(labels: labels, ignoring: -1, reduction: reduction),
      ]
    }
    let far: [Int64] = [1 << 40, -(1 << 40), 2, .min]
    for values in [far, [0, 1, 2, -1], [-1, -1, -1, -1], [0, 1, 2, 0]] {
      try await Harness.compare(
        outputs,
        ["logits": Harness.random([4, 3], seed: 3, scale: 4), "labels": HostTensor(values)],
        family: family, note: "\(values)")
    }
  }

  @Test("the mean leaves out ignored labels, and is NaN of none")
  func ignoredMean() async throws {
    let family = try #require(Harness.families.first)
    let logits = try Tensor.input("logits", shape: [2, 2])
    let labels = try Tensor.input("labels", shape: [2], dtype: .int32)
    let loss = try logits.crossEntropy(labels: labels, ignoring: -100)
    let store = try VariableStore(Harness.sharedContext(family), variables: [], seed: 1)
    let session = try Session(Graph(outputs: [Graph.Output("loss", loss)]), store: store)
    let zeros = try HostTensor([0, 0, 0, 0] as [Float], shape: [2, 2])
    let one = try await session.run([
      "logits": zeros, "labels": HostTensor([1, -100] as [Int32]),
    ])
    #expect(try abs(#require(one["loss"]).doubles[0] - 0.6931471805599453) < 1e-6)
    let none = try await session.run([
      "logits": zeros, "labels": HostTensor([-100, -100] as [Int32]),
    ])
    #expect(try #require(none["loss"]).doubles[0].isNaN)
  }
}
