import GPUMLData
import GPUMLDevice
import GPUMLFormats
import GPUMLGraph
import GPUMLNN
import GPUMLTraining
import Synchronization
import Testing

/// Points in the plane, of class 1 right of a line; or the distance from it as a number.
struct Points: DataSource {
  let count: Int
  var seed: UInt64 = 1
  var isRegression = false
  var labelShift: Int32 = 0
  var featureShape: [Int] { [2] }
  var classNames: [String] { isRegression ? [] : ["left", "right"] }

  func batch(_ indices: [Int]) throws -> Batch {
    var values: [Float] = []
    var distances: [Float] = []
    for index in indices {
      var random = Philox(seed: seed, stream: UInt64(index))
      let point = [random.normal(), random.normal()]
      values += point
      distances.append(2 * point[0] - point[1] + 0.25)
    }
    let classes = distances.map { ($0 > 0 ? 1 : 0) + labelShift }
    return try Batch(
      inputs: HostTensor(values, shape: [indices.count, 2]),
      labels: isRegression ? HostTensor(distances) : HostTensor(classes))
  }
}

/// Keeps what it is told.
final class Recorder: TrainingObserver {
  let names = Mutex<[String]>([])
  let onEvent: @Sendable (TrainingEvent) throws -> Void

  init(onEvent: @escaping @Sendable (TrainingEvent) throws -> Void = { _ in }) {
    self.onEvent = onEvent
  }

  func training(_ event: TrainingEvent) throws {
    let name =
      switch event {
      case .start: "start"
      case .progress: "progress"
      case .epoch: "epoch"
      case .checkpoint: "checkpoint"
      case .done: "done"
      case .fold: "fold"
      }
    names.withLock { $0.append(name) }
    try onEvent(event)
  }
}

@Suite struct TrainerTests {
  /// One context for all tests: kernels are compiled once.
  private static let context = Result {
    try DeviceContext(device: Device.select(for: .training).device)
  }

  private func trainer(
    epochs: Int = 10, outputs: Int = 2, _ change: (inout TrainingConfiguration) -> Void = { _ in }
  ) throws -> Trainer {
    let model = try ModelPreset(parsing: "mlp:16").build(featureShape: [2], outputs: outputs)
    var configuration = TrainingConfiguration()
    configuration.epochs = epochs
    configuration.learningRate = 0.02
    change(&configuration)
    return Trainer(model, context: try Self.context.get(), configuration: configuration)
  }

  @Test("learns to tell classes apart, and the kept weights are the best epoch's")
  func learns() async throws {
    let trainer = try trainer()
    let test = Points(count: 300, seed: 3)
    let result = try await trainer.fit(
      train: Points(count: 333), validation: Points(count: 100, seed: 2), test: test)
    #expect(result.ending == .completed && result.epochs.count == 10)
    let best = try #require(result.best)
    #expect(try #require(best.validation?.accuracy) >= 0.97)
    #expect(
      best.validation?.accuracy == result.epochs.compactMap { $0.validation?.accuracy }.max())
    #expect(try #require(result.test?.accuracy) >= 0.95)
    #expect(result.test?.confusion?.total == 300)
    let (first, last) = (result.epochs[0].trainLoss, result.epochs[9].trainLoss)
    #expect(last < first / 2)
  }

  @Test("learns numbers of any size")
  func regression() async throws {
    let trainer = try trainer(epochs: 15, outputs: 1)
    let source = Points(count: 333, isRegression: true)
    let result = try await trainer.fit(
      train: source, validation: Points(count: 100, seed: 2, isRegression: true),
      scaling: TargetScaling(center: 0.25, scale: 2.2))
    let validation = try #require(result.best?.validation)
    #expect(try #require(validation.r2) > 0.98)
    #expect(validation.accuracy == nil && validation.confusion == nil)
    #expect(try result.modelFile().task == .regress)
  }

  @Test("the same seed gives the same weights, another gives others")
  func seeds() async throws {
    func weights(seed: UInt64) async throws -> [ModelFile.Weight] {
      // 70 examples in steps of 32: the last step of an epoch has 6.
      try await trainer(epochs: 2) { $0.seed = seed }.fit(train: Points(count: 70)).weights
    }
    let first = try await weights(seed: 5)
    #expect(try await weights(seed: 5) == first)
    #expect(try await weights(seed: 6) != first)
  }

  @Test("events come in order")
  func events() async throws {
    let recorder = Recorder()
    _ = try await trainer(epochs: 2).fit(train: Points(count: 40), observer: recorder)
    // How often progress is told depends on the time that steps take.
    let names = recorder.names.withLock { $0 }.reduce(into: [String]()) {
      if $0.last != "progress" || $1 != "progress" { $0.append($1) }
    }
    // Without validation the latest weights are the best.
    let epoch = ["progress", "epoch", "checkpoint"]
    let expected = ["start"] + epoch + epoch + ["done"]
    #expect(names == expected)
  }

  @Test("patience ends a training that no longer gets better")
  func patience() async throws {
    let trainer = try trainer(epochs: 100) { $0.patience = 2 }
    let result = try await trainer.fit(
      train: Points(count: 64), validation: Points(count: 64, seed: 2))
    #expect(result.ending == .stoppedEarly)
    #expect(result.epochs.count == result.bestEpoch + 2)
  }

  @Test("a loss that is not finite stops the training and names the step")
  func divergence() async throws {
    let trainer = try trainer(epochs: 50, outputs: 1) {
      $0.optimizer = SGD()
      $0.learningRate = 1e6
      $0.schedule = .constant
    }
    let error = await #expect(throws: TrainingError.self) {
      try await trainer.fit(train: Points(count: 333, isRegression: true))
    }
    guard case .diverged(let step, let epoch)? = error else {
      Issue.record("threw \(String(describing: error))")
      return
    }
    #expect(step > 1 && step < 100 && epoch == (step - 1) / 11 + 1)
    #expect(error?.exitCode == 3)
  }

  @Test("cancelling ends within a step and keeps the weights", arguments: [1, 3])
  func cancellation(epoch: Int) async throws {
    let trainer = try trainer(epochs: 1_000_000)
    let recorder = Recorder { event in
      if case .progress(let progress) = event, progress.epoch == epoch {
        withUnsafeCurrentTask { $0?.cancel() }
      }
    }
    let result = try await Task {
      try await trainer.fit(
        train: Points(count: 640), validation: Points(count: 64, seed: 2), observer: recorder)
    }.value
    #expect(result.ending == .cancelled)
    #expect(result.epochs.count < epoch + 1)
    #expect(result.weights.count == 4)
    #expect(result.weights.allSatisfy { $0.tensor.doubles.allSatisfy(\.isFinite) })
    #expect(recorder.names.withLock { $0.last } == "done")
  }

  @Test("an observer's error ends the training")
  func observerError() async throws {
    struct Enough: Error {}
    let trainer = try trainer()
    await #expect(throws: Enough.self) {
      try await trainer.fit(
        train: Points(count: 64),
        observer: Recorder { if case .epoch = $0 { throw Enough() } })
    }
  }

  @Test("data that do not fit the model are refused before they train anything")
  func mismatches() async throws {
    let trainer = try trainer(outputs: 3)
    await #expect(throws: TrainingError.self) { try await trainer.fit(train: Points(count: 64)) }
    let two = try self.trainer()
    await #expect(throws: TrainingError.self) { try await two.fit(train: Points(count: 0)) }
    await #expect(throws: TrainingError.self) {
      try await two.fit(train: Points(count: 64, labelShift: 1))
    }
    let large = try self.trainer { $0.batchSize = 65 }
    let error = await #expect(throws: TrainingError.self) {
      try await large.fit(train: Points(count: 64))
    }
    #expect(error?.exitCode == 78)
  }

  @Test("a saved model holds graph, weights and labels")
  func saving() async throws {
    let result = try await trainer(epochs: 1).fit(train: Points(count: 64))
    try await withTemporaryFolder { path in
      try result.save(to: path + "/points.safetensors")
      let file = try ModelFile.load(from: path + "/points.safetensors")
      #expect(file.task == .classify && file.labels == ["left", "right"])
      let (graph, variables) = try Graph.decodeJSON(file.graph)
      #expect(graph.outputs.map(\.name) == ["logits", "probabilities"])
      #expect(Set(variables.map(\.name)) == Set(file.weights.map(\.name)))
      #expect(file.weight(named: "layers.2.bias") == result.weights[3].tensor)
    }
  }
}
