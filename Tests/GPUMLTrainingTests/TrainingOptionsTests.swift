import GPUMLData
import GPUMLDevice
import GPUMLGraph
import GPUMLNN
import GPUMLRuntime
import GPUMLTraining
import Testing

@Suite struct TrainingOptionsTests {
  private static let context = Result {
    try DeviceContext(device: Device.select(for: .training).device)
  }

  private func trainer(
    epochs: Int = 3, outputs: Int = 2, _ change: (inout TrainingConfiguration) -> Void
  ) throws -> Trainer {
    let model = try ModelPreset(parsing: "mlp:16").build(featureShape: [2], outputs: outputs)
    var configuration = TrainingConfiguration()
    configuration.epochs = epochs
    configuration.learningRate = 0.02
    change(&configuration)
    return Trainer(model, context: try Self.context.get(), configuration: configuration)
  }

  @Test("balanced weights are those of scikit-learn, over the classes that occur")
  func balancedWeights() {
    #expect(ClassWeights.balanced([90, 10]) == [100 / 180.0, 5])
    #expect(ClassWeights.balanced([6, 0, 3]) == [0.75, 1, 1.5])
    #expect(ClassWeights.balanced([]) == [])
    let counts = [7, 1, 250, 42]
    let mean = zip(ClassWeights.balanced(counts), counts).reduce(0) { $0 + $1.0 * Double($1.1) }
    #expect(abs(mean / 300 - 1) < 1e-12)
  }

  /// Rare points of class 1 among many, which overlap.
  private struct Rare: DataSource {
    let count: Int
    var seed: UInt64 = 1
    var featureShape: [Int] { [2] }
    var classNames: [String] { ["common", "rare"] }

    func batch(_ indices: [Int]) throws -> Batch {
      let classes = indices.map { Int32($0 % 12 == 0 ? 1 : 0) }
      let values = zip(indices, classes).flatMap { index, label in
        var random = Philox(seed: seed, stream: UInt64(index))
        return [random.normal() + Float(label) * 1.5, random.normal()]
      }
      return try Batch(
        inputs: HostTensor(values, shape: [indices.count, 2]), labels: HostTensor(classes))
    }
  }

  @Test("balanced weights find more of a rare class, for any source")
  func balancedTraining() async throws {
    func recall(_ weights: ClassWeights?) async throws -> Double {
      let trainer = try trainer(epochs: 8) { $0.classWeights = weights }
      let result = try await trainer.fit(
        train: Rare(count: 600), test: Rare(count: 600, seed: 2))
      return try #require(result.test?.confusion).classReports[1].recall
    }
    let plain = try await recall(nil)
    let balanced = try await recall(.balanced)
    #expect(plain < 0.4 && balanced > 0.6, "\(plain), \(balanced)")
    await #expect(throws: TrainingError.self) { try await recall(.explicit([1, 2, 3])) }
  }

  @Test("weights for numbers are refused")
  func regression() async throws {
    for change in [
      { $0.classWeights = .balanced }, { $0.labelSmoothing = 0.1 },
    ] as [(inout TrainingConfiguration) -> Void] {
      let trainer = try trainer(outputs: 1, change)
      let error = await #expect(throws: TrainingError.self) {
        try await trainer.fit(train: Points(count: 64, isRegression: true))
      }
      #expect(error?.exitCode == 78)
    }
  }

  @Test("three small batches an update are one large batch, also where they do not divide evenly")
  func accumulation() async throws {
    func weights(batch: Int, accumulation: Int) async throws -> [Double] {
      let trainer = try trainer(epochs: 2) {
        $0.batchSize = batch
        $0.accumulation = accumulation
        $0.schedule = .oneCycle
      }
      // 100 examples: three updates of 12 batches and a last one of the rest.
      return try await trainer.fit(train: Points(count: 100)).weights.flatMap(\.tensor.doubles)
    }
    let whole = try await weights(batch: 30, accumulation: 1)
    let parts = try await weights(batch: 10, accumulation: 3)
    // Adam divides by a root that is near 0 at first: rounding grows with the eight steps.
    for (one, other) in zip(whole, parts) { #expect(abs(one - other) < 2e-5) }
  }

  @Test("the averages are what is validated, tested and saved")
  func averages() async throws {
    let source = Points(count: 200)
    let trainer = try trainer { $0.averageDecay = 0.9 }
    let result = try await trainer.fit(train: source, validation: source, test: source)
    let best = try #require(result.best?.validation)
    #expect(result.test == best)
    let step = try TrainStep(
      trainer.model, loss: .crossEntropy, optimizer: SGD(), featureShape: [2])
    let store = try VariableStore(Self.context.get(), variables: step.variables)
    for (named, weight) in zip(step.weights, result.weights) {
      #expect(named.name == weight.name)
      try await store.setValue(weight.tensor, of: named.variable)
    }
    #expect(try await Evaluator(step, store: store).evaluate(source) == best)
    let plain = try await self.trainer { _ in }.fit(train: source, validation: source)
    #expect(plain.weights != result.weights)
  }

  @Test("a time limit ends within a step, validates what was learned and keeps the best weights")
  func timeLimit() async throws {
    let trainer = try trainer(epochs: 1_000_000) { $0.timeLimit = .milliseconds(300) }
    let result = try await trainer.fit(
      train: Points(count: 640), validation: Points(count: 64, seed: 2))
    #expect(result.ending == .timeLimit && !result.epochs.isEmpty)
    #expect(result.best?.validation != nil && result.weights.count == 4)
  }

  @Test("a limit that is over at once leaves one step's weights")
  func shortLimit() async throws {
    let trainer = try trainer { $0.timeLimit = .nanoseconds(1) }
    let result = try await trainer.fit(
      train: Points(count: 640), validation: Points(count: 64, seed: 2))
    #expect(result.ending == .timeLimit && result.epochs.count == 1 && result.bestEpoch == 1)
    #expect(result.weights.allSatisfy { $0.tensor.doubles.allSatisfy(\.isFinite) })
  }

  @Test("patience ends a training also with averages, added batches and a generous limit")
  func patience() async throws {
    let trainer = try trainer(epochs: 200) {
      $0.patience = 2
      $0.averageDecay = 0.5
      $0.accumulation = 2
      $0.timeLimit = .seconds(3600)
      $0.learningRate = 0.1
    }
    let result = try await trainer.fit(
      train: Points(count: 64), validation: Points(count: 64, seed: 2),
      test: Points(count: 64, seed: 3))
    #expect(result.ending == .stoppedEarly && result.test != nil)
    #expect(result.epochs.count == result.bestEpoch + 2)
  }

  @Test("patience never ends the last epoch, nor a training without validation")
  func patienceAtTheEnd() async throws {
    let source = Points(count: 64)
    let one = try await trainer(epochs: 1) { $0.patience = 1 }
      .fit(train: source, validation: source)
    #expect(one.ending == .completed && one.epochs.count == 1)
    let without = try await trainer(epochs: 5) { $0.patience = 1 }.fit(train: source)
    #expect(without.ending == .completed && without.bestEpoch == 5)
  }
}
