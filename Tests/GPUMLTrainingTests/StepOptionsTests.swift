import Foundation
import GPUMLData
import GPUMLDevice
import GPUMLGraph
import GPUMLNN
import GPUMLReference
import GPUMLRuntime
import GPUMLTraining
import Testing

@Suite struct StepOptionsTests {
  private static let context = Result {
    try DeviceContext(device: Device.select(for: .training).device)
  }

  private func step(
    _ optimizer: any Optimizer = SGD(momentum: 0.9), loss: Loss = .crossEntropy,
    dropout: Double = 0, _ change: (inout TrainStep.Options) -> Void
  ) throws -> TrainStep {
    var options = TrainStep.Options()
    change(&options)
    let model = try Sequential {
      try Linear(inputs: 2, outputs: 7)
      Activation.relu
      if dropout > 0 { try Dropout(rate: dropout) }
      try Linear(inputs: 7, outputs: loss == .crossEntropy ? 3 : 1)
    }
    return try TrainStep(
      model, loss: loss, optimizer: optimizer, featureShape: [2], options: options)
  }

  /// So many examples from one place on.
  private static func batch(_ count: Int, from first: Int = 0) throws -> [String: HostTensor] {
    let batch = try Points(count: 64, labelShift: 1).batch(Array(first..<(first + count)))
    return ["x": batch.inputs, "y": try #require(batch.labels)]
  }

  private func values(
    _ named: [NamedVariable], in store: VariableStore
  ) async throws -> [[Double]] {
    var values: [[Double]] = []
    for item in named { values.append(try await store.value(of: item.variable).doubles) }
    return values
  }

  private func expectEqual(_ left: [[Double]], _ right: [[Double]], within tolerance: Double) {
    #expect(left.map(\.count) == right.map(\.count))
    for (one, other) in zip(left.joined(), right.joined()) {
      #expect(abs(one - other) <= tolerance)
    }
  }

  /// Runs a graph in float64 with the first values of a store.
  private func reference(
    _ graph: Graph, _ step: TrainStep, _ inputs: [String: HostTensor]
  ) async throws -> (loss: Double, values: [Variable: HostTensor]) {
    let store = try VariableStore(Self.context.get(), variables: step.variables, seed: 3)
    var values: [Variable: HostTensor] = [:]
    for named in step.variables {
      values[named.variable] = try await store.value(of: named.variable)
    }
    let results = try ReferenceEvaluator.run(graph, inputs: inputs, variables: values)
    return (try #require(results.outputs["loss"]?.values.first), values)
  }

  @Test("class weights and label smoothing give the loss worked out by hand; validation has none")
  func weightedLoss() async throws {
    let weights = [0.5, 2, 1.25]
    let (smoothing, inputs) = (0.1, try Self.batch(6))
    let step = try step {
      $0.classWeights = weights
      $0.labelSmoothing = smoothing
    }
    let (loss, values) = try await reference(step.training, step, inputs)
    let evaluated = try ReferenceEvaluator.run(step.evaluation, inputs: inputs, variables: values)
    let logits = try #require(evaluated.outputs["output"]?.values)
    let labels = try #require(inputs["y"]?.doubles).map { Int($0) }
    var (expected, plain) = (0.0, 0.0)
    for (row, label) in labels.enumerated() {
      let line = logits[(3 * row)..<(3 * row + 3)]
      let logarithm = log(line.map { exp($0) }.reduce(0, +))
      let negative = line.map { logarithm - $0 }
      plain += negative[label] / 6
      expected += (1 - smoothing) * weights[label] * negative[label] / 6
      for index in 0..<3 { expected += smoothing / 3 * weights[index] * negative[index] / 6 }
    }
    #expect(abs(loss - expected) < 1e-6)
    #expect(abs(try #require(evaluated.outputs["loss"]?.values.first) - plain) < 1e-6)
    #expect(abs(loss - plain) > 0.01)
  }

  @Test("weights of 1 and no smoothing are the plain loss")
  func plainLoss() async throws {
    let inputs = try Self.batch(9)
    let one = try step { $0.classWeights = [1, 1, 1] }
    let other = try step { _ in }
    let (left, right) = (
      try await reference(one.training, one, inputs).loss,
      try await reference(other.training, other, inputs).loss
    )
    #expect(abs(left - right) < 1e-12)
  }

  @Test("options that do not fit are refused by their name")
  func invalid() throws {
    func key(_ loss: Loss, _ change: (inout TrainStep.Options) -> Void) throws -> String {
      let error = #expect(throws: TrainingError.self) { try step(loss: loss, change) }
      guard case .invalidConfiguration(let key, _)? = error else { return "\(error as Any)" }
      return key
    }
    #expect(try key(.crossEntropy) { $0.classWeights = [1, 2] } == "class-weights")
    #expect(try key(.crossEntropy) { $0.classWeights = [1, 2, .nan] } == "class-weights")
    #expect(try key(.meanSquaredError) { $0.classWeights = [1] } == "class-weights")
    #expect(try key(.meanSquaredError) { $0.labelSmoothing = 0.1 } == "label-smoothing")
    #expect(try key(.crossEntropy) { $0.clipNorm = -1 } == "clip-norm")
    #expect(try key(.crossEntropy) { $0.averageDecay = 2 } == "ema")
  }

  @Test("a step is as long as the largest norm, and one within it is left alone")
  func clipping() async throws {
    let inputs = try Self.batch(16)
    func distance(_ clipNorm: Double?) async throws -> Double {
      let step = try step(SGD()) { $0.clipNorm = clipNorm }
      let store = try VariableStore(Self.context.get(), variables: step.variables, seed: 3)
      try store.setLearningRate(1)
      let before = try await values(step.weights, in: store)
      _ = try await Session(step.training, store: store).run(inputs)
      let after = try await values(step.weights, in: store)
      return zip(before.joined(), after.joined()).reduce(0) {
        $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
      }.squareRoot()
    }
    let norm = try await distance(nil)
    #expect(norm > 0.1)
    #expect(abs(try await distance(norm / 8) - norm / 8) < 1e-5)
    #expect(abs(try await distance(norm * 2) - norm) < 1e-5)
  }

  @Test(
    "batches of different sizes that are added up are one large batch",
    arguments: ["sgd", "adamw", "lamb"], [Loss.crossEntropy, .meanSquaredError])
  func accumulation(name: String, loss: Loss) async throws {
    let optimizer = try #require(Optimizers.named(name))
    let isRegression = loss == .meanSquaredError
    func inputs(_ count: Int, from first: Int) throws -> [String: HostTensor] {
      let points = Points(
        count: 64, isRegression: isRegression, labelShift: isRegression ? 0 : 1)
      let batch = try points.batch(Array(first..<(first + count)))
      return ["x": batch.inputs, "y": try #require(batch.labels)]
    }
    func train(_ sizes: [Int]) async throws -> [[Double]] {
      let step = try step(optimizer, loss: loss) {
        $0.accumulates = sizes.count > 1
        $0.clipNorm = 0.5
        if !isRegression { $0.classWeights = [0.5, 1, 3] }
      }
      let store = try VariableStore(Self.context.get(), variables: step.variables, seed: 3)
      try store.setLearningRate(0.05)
      let update = try Session(step.training, store: store)
      let add = try step.accumulation.map { try Session($0, store: store) }
      // Two steps: the second must begin with nothing added up.
      for _ in 0..<2 {
        var first = 0
        for (place, size) in sizes.enumerated() {
          let session = place == sizes.count - 1 ? update : try #require(add)
          _ = try await session.run(inputs(size, from: first))
          first += size
        }
      }
      #expect(try await store.stepState().step == 2)
      return try await values(step.weights, in: store)
    }
    let whole = try await train([15])
    // Two steps of 0.05 with gradients rounded in another order.
    expectEqual(try await train([7, 6, 2]), whole, within: 2e-6)
    // The control: without the last two examples it is another step; LAMB and AdamW hardly tell the
    // size of gradients.
    if name != "sgd" { return }
    let other = try await train([7, 6])
    #expect(zip(other.joined(), whole.joined()).contains { abs($0 - $1) > 1e-5 })
  }

  @Test("random draws go on between batches that are added up, and the step does not")
  func accumulatedDropout() async throws {
    let step = try step(dropout: 0.5) { $0.accumulates = true }
    let store = try VariableStore(Self.context.get(), variables: step.variables, seed: 3)
    let add = try Session(#require(step.accumulation), store: store)
    for _ in 0..<3 { _ = try await add.run(Self.batch(4)) }
    var state = try await store.stepState()
    #expect(state.step == 0 && state.randomCounter == 3)
    _ = try await Session(step.training, store: store).run(Self.batch(4))
    state = try await store.stepState()
    #expect(state.step == 1 && state.randomCounter == 4)
  }

  @Test("averages follow the weights, and evaluation reads them")
  func averages() async throws {
    let step = try step { $0.averageDecay = 0.5 }
    #expect(step.keptWeights.map(\.name) == step.weights.map(\.name))
    #expect(Set(step.keptWeights.map(\.variable)).isSubset(of: step.slots.map(\.variable)))
    let store = try VariableStore(Self.context.get(), variables: step.variables, seed: 3)
    try store.setLearningRate(0.1)
    let session = try Session(step.training, store: store)
    var expected: [[Double]] = []
    for count in 0..<4 {
      _ = try await session.run(Self.batch(8, from: count))
      let weights = try await values(step.weights, in: store)
      expected =
        count == 0
        ? weights : zip(expected, weights).map { zip($0, $1).map { ($0 + $1) / 2 } }
    }
    let averages = try await values(step.keptWeights, in: store)
    expectEqual(averages, expected, within: 1e-6)
    // A model with the averages as its weights gives the same as the evaluation.
    let plain = try self.step { _ in }
    let other = try VariableStore(Self.context.get(), variables: plain.variables)
    for (named, kept) in zip(plain.weights, step.keptWeights) {
      try await other.setValue(store.value(of: kept.variable), of: named.variable)
    }
    let inputs = try Self.batch(5, from: 40)
    let left = try await Session(step.evaluation, store: store).run(inputs)
    let right = try await Session(plain.evaluation, store: other).run(inputs)
    #expect(left == right)
    let raw = try await values(step.weights, in: store)
    #expect(zip(raw.joined(), averages.joined()).contains { abs($0 - $1) > 1e-3 })
  }
}
