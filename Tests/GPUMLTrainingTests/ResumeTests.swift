import Foundation
import GPUMLData
import GPUMLFormats
import GPUMLNN
import GPUMLSystem
import Synchronization
import Testing

@testable import GPUMLTraining

/// Cancels a training once so many epochs have been told.
private struct Canceller: TrainingObserver {
  let epochs: Int
  let task: TaskHandle

  func training(_ event: TrainingEvent) async throws {
    switch event {
    case .epoch(let report) where report.epoch == epochs: await task.cancel()
    case .start where epochs == 0: await task.cancel()
    default: break
    }
  }
}

/// Gives a source's batches, and cancels the training at one of them.
private final class CancellingSource: DataSource {
  private let source: PreparedDataset
  private let place: Int
  private let given = Mutex(0)
  private let task: TaskHandle

  init(_ source: PreparedDataset, at place: Int, _ task: TaskHandle) {
    (self.source, self.place, self.task) = (source, place, task)
  }

  var count: Int { source.count }
  var featureShape: [Int] { source.featureShape }
  var classNames: [String] { source.classNames }

  func batch(_ indices: [Int]) async throws -> Batch {
    let place = given.withLock { given in
      given += 1
      return given
    }
    if place == self.place { await task.cancel() }
    return try source.batch(indices)
  }
}

/// A training that is not known yet where it is to be cancelled.
private final class TaskHandle: Sendable {
  private let task = Mutex<Task<TrainingResult, any Error>?>(nil)

  func set(_ task: Task<TrainingResult, any Error>) { self.task.withLock { $0 = task } }

  func cancel() async {
    while task.withLock({ $0 == nil }) { await Task.yield() }
    task.withLock { $0?.cancel() }
  }
}

/// Keeps the last state.
private final class LastState: TrainingStateKeeper {
  private let last = Mutex<TrainingState?>(nil)

  var state: TrainingState? { last.withLock { $0 } }

  func wantsState(after epoch: Int) -> Bool { false }

  func keep(_ state: TrainingState) { last.withLock { $0 = state } }
}

/// Keeps a state before every so many steps.
private final class EagerKeeper: TrainingStateKeeper {
  private let kept = Mutex<(asked: Int, states: [TrainingState])>((0, []))

  var states: [TrainingState] { kept.withLock { $0.states } }

  func wantsState(after epoch: Int) -> Bool { false }

  func wantsStateWithinEpoch() -> Bool {
    kept.withLock { kept in
      kept.asked += 1
      return kept.asked.isMultiple(of: 4)
    }
  }

  func keep(_ state: TrainingState) { kept.withLock { $0.states.append(state) } }
}

@Suite(.serialized) struct ResumeTests {
  @Test("states that a long epoch leaves on its way change nothing, and lead to the same bits")
  func withinEpoch() async throws {
    let data = try Dataset.load("digits")
    let source = try PreparedDataset(data.train, data.preprocessing(), indices: Array(0..<640))
    let held = try PreparedDataset(data.train, data.preprocessing(), indices: Array(1000..<1200))
    var configuration = TrainingConfiguration()
    configuration.epochs = 2
    configuration.batchSize = 64
    configuration.averageDecay = 0.9
    let trainer = try Trainer(ModelPreset.mlp.build(for: data), configuration: configuration)
    let expected = try await trainer.fit(train: source, validation: held)
    let keeper = EagerKeeper()
    let told = try await trainer.fit(train: source, validation: held, keeper: keeper)
    #expect(told.weights == expected.weights)
    #expect(told.epochs.map(\.trainLoss) == expected.epochs.map(\.trainLoss))
    let states = keeper.states.dropLast()
    #expect(states.count >= 4 && states.allSatisfy { (1..<10).contains($0.batchesOfEpoch) })
    #expect(Set(states.map(\.epochs)) == [0, 1])
    for state in states {
      let result = try await trainer.fit(train: source, validation: held, resuming: state)
      #expect(result.weights == expected.weights, "\(state.epochs), \(state.batchesOfEpoch)")
    }
  }

  /// Batches are asked for ahead, so that a training ends some batches before the one that cancels.
  @Test(
    "a training cancelled within an epoch, at its end or while it validates goes on to the same bits",
    arguments: [(1, 12, 0), (1, 30, 0), (3, 9, 0), (3, 20, 0), (1, 0, 1), (3, 0, 4), (1, 0, 5)])
  func anywhere(accumulation: Int, batch: Int, validation: Int) async throws {
    let data = try Dataset.load("digits")
    let source = try PreparedDataset(
      data.train, data.preprocessing(), indices: Array(0..<640))
    let held = try PreparedDataset(
      data.train, data.preprocessing(), indices: Array(1000..<1500))
    var configuration = TrainingConfiguration()
    configuration.epochs = 3
    configuration.batchSize = 64
    configuration.accumulation = accumulation
    configuration.seed = 2
    let model = try ModelPreset.mlp.build(for: data)
    let trainer = try Trainer(model, configuration: configuration)
    let expected = try await trainer.fit(train: source, validation: held)
    let (handle, keeper) = (TaskHandle(), LastState())
    let train: any DataSource = batch > 0 ? CancellingSource(source, at: batch, handle) : source
    let validate: any DataSource =
      validation > 0 ? CancellingSource(held, at: validation, handle) : held
    let task = Task {
      try await trainer.fit(train: train, validation: validate, keeper: keeper)
    }
    handle.set(task)
    #expect(try await task.value.ending == .cancelled)
    let state = try #require(keeper.state)
    #expect(state.batchesOfEpoch > 0)
    if validation > 0 { #expect(state.batchesOfEpoch == 10) }
    let result = try await trainer.fit(train: source, validation: held, resuming: state)
    #expect(result.weights == expected.weights && result.bestEpoch == expected.bestEpoch)
    #expect(result.epochs.map(\.trainLoss) == expected.epochs.map(\.trainLoss))
    #expect(result.epochs.map(\.validation?.loss) == expected.epochs.map(\.validation?.loss))
    #expect(result.epochs.map(\.learningRate) == expected.epochs.map(\.learningRate))
    var other = trainer
    other.configuration.seed = 3
    await #expect(throws: TrainingError.self) {
      try await other.fit(train: source, validation: held, resuming: state)
    }
  }

  private func request(_ path: String, _ change: (inout TrainingRun.Request) -> Void = { _ in })
    -> TrainingRun.Request
  {
    var request = TrainingRun.Request()
    request.output = path
    request.configuration.epochs = 5
    request.configuration.seed = 7
    request.configuration.batchSize = 64
    request.configuration.testSplit = 0.1
    change(&request)
    return request
  }

  /// Runs until an epoch has been told, then lets it be cancelled.
  private func interrupted(_ request: TrainingRun.Request, after epochs: Int) async throws {
    let run = try TrainingRun(request)
    let folder = try run.makeFolder()
    let handle = TaskHandle()
    let canceller = Canceller(epochs: epochs, task: handle)
    let task = Task { try await run.train(in: folder, observer: canceller) }
    handle.set(task)
    #expect(try await task.value.ending == .cancelled)
  }

  private func resumed(_ path: String) async throws -> TrainingResult {
    let before = try ResumedRun(path)
    var request = TrainingRun.Request()
    try before.settings.apply(to: &request)
    return try await TrainingRun(request).train(in: before.folder, resuming: before)
  }

  private func bytes(_ path: String) throws -> [UInt8] { try FileBytes.read(path) }

  @Test(
    "a run that was interrupted goes on to the same bits",
    arguments: ["sgd", "adam", "adamw"], [0, 1, 3])
  func sameBits(optimizer: String, epochs: Int) async throws {
    try await withTemporaryFolder { path in
      let named = try #require(Optimizers.named(optimizer))
      let whole = try TrainingRun(
        request(path + "/whole") { $0.configuration.optimizer = named })
      let expected = try await whole.train(in: whole.makeFolder())
      let part = path + "/part"
      try await interrupted(
        request(part) { $0.configuration.optimizer = named }, after: epochs)
      let state = try #require(try ResumedRun(part).state)
      #expect(state.epochs == epochs)
      let result = try await resumed(part)
      #expect(result.weights == expected.weights)
      #expect(result.bestEpoch == expected.bestEpoch && result.test == expected.test)
      #expect(result.epochs.map(\.trainLoss) == expected.epochs.map(\.trainLoss))
      #expect(result.epochs.map(\.learningRate) == expected.epochs.map(\.learningRate))
      #expect(try bytes(part + "/model.safetensors") == bytes(path + "/whole/model.safetensors"))
      #expect(content(part + "/results.csv").split(separator: "\n").count == 6)
    }
  }

  @Test(
    "sums of gradients and averages of weights go on as well, and a time limit ends within an epoch"
  )
  func options() async throws {
    try await withTemporaryFolder { path in
      func change(_ request: inout TrainingRun.Request) {
        request.configuration.accumulation = 3
        request.configuration.averageDecay = 0.9
        request.configuration.clipNorm = 1
        request.configuration.classWeights = .balanced
        request.configuration.labelSmoothing = 0.1
        request.configuration.epochs = 4
      }
      let whole = try TrainingRun(request(path + "/whole", change))
      let expected = try await whole.train(in: whole.makeFolder())
      try await interrupted(request(path + "/part", change), after: 2)
      #expect(try await resumed(path + "/part").weights == expected.weights)
      let limited = try TrainingRun(
        request(path + "/limited") {
          change(&$0)
          $0.configuration.timeLimit = .microseconds(1)
        })
      let first = try await limited.train(in: limited.makeFolder())
      #expect(first.ending == .timeLimit)
      let before = try ResumedRun(path + "/limited")
      #expect(try #require(before.state).batchesOfEpoch > 0)
      var request = TrainingRun.Request()
      try before.settings.apply(to: &request)
      request.configuration.timeLimit = nil
      let rest = try await TrainingRun(request).train(in: before.folder, resuming: before)
      #expect(rest.ending == .completed && rest.weights == expected.weights)
      #expect(rest.epochs.count == 4)
    }
  }

  @Test("early stopping counts the epochs before the interruption")
  func patience() async throws {
    try await withTemporaryFolder { path in
      func patient(_ request: inout TrainingRun.Request) {
        request.configuration.epochs = 60
        request.configuration.patience = 3
      }
      let whole = try TrainingRun(request(path + "/whole", patient))
      let expected = try await whole.train(in: whole.makeFolder())
      try #require(expected.ending == .stoppedEarly && expected.epochs.count > 2)
      try await interrupted(
        request(path + "/part", patient), after: expected.epochs.count - 2)
      let result = try await resumed(path + "/part")
      #expect(result.ending == .stoppedEarly && result.epochs.count == expected.epochs.count)
      #expect(result.weights == expected.weights)
      // A run that has ended ends again, with the same model.
      let again = try await resumed(path + "/part")
      #expect(again.ending == .stoppedEarly && again.weights == expected.weights)
    }
  }

  @Test("a state that is damaged is told, and the one before it is used")
  func damaged() async throws {
    try await withTemporaryFolder { path in
      let run = try TrainingRun(request(path + "/run") { $0.saveEvery = 1 })
      let expected = try await run.train(in: run.makeFolder())
      let last = path + "/run/last.safetensors"
      let previous = path + "/run/previous.safetensors"
      let whole = try bytes(last)
      var random = SystemRandomNumberGenerator()
      for _ in 0..<20 {
        var broken = whole
        let bit = Int.random(in: 0..<broken.count * 8, using: &random)
        broken[bit / 8] ^= 1 << (bit % 8)
        try Data(broken).write(to: URL(fileURLWithPath: last))
        let found = try ResumedRun(path + "/run")
        let warning = try #require(found.warning, "bit \(bit) is not noticed")
        #expect(warning.contains("last.safetensors") && !warning.contains("\n"))
        #expect(found.state?.epochs == 5)
      }
      for count in [0, 1, 7, 100, whole.count - 1] {
        try Data(whole.prefix(count)).write(to: URL(fileURLWithPath: last))
        #expect(try ResumedRun(path + "/run").warning != nil, "\(count) bytes")
      }
      // A run that goes on from the older state leaves it until there is a new one.
      let older = try bytes(previous)
      #expect(try await resumed(path + "/run").weights == expected.weights)
      #expect(try bytes(previous) == older && ResumedRun(path + "/run").warning == nil)
      try FileManager.default.removeItem(atPath: last)
      #expect(try ResumedRun(path + "/run").warning != nil)
      #expect(try await resumed(path + "/run").weights == expected.weights)
      // Both damaged: an error, and no new beginning over what there is.
      for file in [last, previous] {
        try Data(whole.prefix(1000)).write(to: URL(fileURLWithPath: file))
      }
      #expect(throws: FormatError.self) { try ResumedRun(path + "/run") }
      // Nothing kept: a new beginning.
      for file in [last, previous] { try FileManager.default.removeItem(atPath: file) }
      let anew = try ResumedRun(path + "/run")
      #expect(anew.state == nil && anew.warning == nil)
    }
  }

  @Test(
    "another configuration, other data or a state of another model are refused with what differs")
  func mismatches() async throws {
    try await withTemporaryFolder { path in
      let run = try TrainingRun(request(path + "/run"))
      _ = try await run.train(in: run.makeFolder())
      let before = try ResumedRun(path + "/run")
      var other = TrainingRun.Request()
      try before.settings.apply(to: &other)
      other.configuration.learningRate = 0.5
      other.model = .preset(.linear)
      let error = await #expect(throws: TrainingError.self) {
        try await TrainingRun(other).train(in: before.folder, resuming: before)
      }
      let text = "\(try #require(error))"
      #expect(text.contains("lr is 0.003") && text.contains("model is") && error?.exitCode == 78)
      // The state of another model under this model's settings.
      let linear = try TrainingRun(request(path + "/linear") { $0.model = .preset(.linear) })
      _ = try await linear.train(in: linear.makeFolder())
      try Data(bytes(path + "/linear/last.safetensors"))
        .write(to: URL(fileURLWithPath: path + "/run/last.safetensors"))
      await #expect(throws: TrainingError.self) { try await resumed(path + "/run") }
    }
  }

  @Test("other data than the run's are refused")
  func otherData() async throws {
    try await withTemporaryFolder { path in
      func write(_ factor: Double) throws {
        let rows = (0..<200).map { "\($0 % 13),\($0 % 7),\(Double($0 % 5) * factor)" }
        try ("a,b,y\n" + rows.joined(separator: "\n") + "\n")
          .write(toFile: path + "/t.csv", atomically: true, encoding: .utf8)
      }
      try write(1)
      let run = try TrainingRun(
        request(path + "/run") {
          $0.source = path + "/t.csv"
          $0.options.task = .regression
        })
      _ = try await run.train(in: run.makeFolder())
      try write(2)
      let error = await #expect(throws: TrainingError.self) { try await resumed(path + "/run") }
      #expect("\(try #require(error))".contains("SHA-256"))
    }
  }

  @Test("a folder takes one training at a time, and what a killed one left is swept")
  func lock() async throws {
    try await withTemporaryFolder { path in
      let run = try TrainingRun(request(path + "/run"))
      let folder = try run.makeFolder()
      for force in [true, false] {
        let error = #expect(throws: TrainingError.self) {
          try RunFolder.create(at: path + "/run", force: force)
        }
        #expect(error?.exitCode == 73)
        #expect("\(try #require(error))".contains("another training"))
      }
      _ = try await run.train(in: folder)
      #expect(throws: TrainingError.self) { try ResumedRun(path + "/run") }
      #expect(folder.path == path + "/run")
    }
    try await withTemporaryFolder { path in
      do {
        let run = try TrainingRun(request(path + "/run"))
        _ = try await run.train(in: run.makeFolder())
      }
      let leftover = path + "/run/.gpuml-0123456789abcdef.tmp"
      #expect(FileManager.default.createFile(atPath: leftover, contents: Data([1, 2, 3])))
      _ = try ResumedRun(path + "/run")
      #expect(!FileManager.default.fileExists(atPath: leftover))
    }
  }

  @Test("files that are no state are refused with a reason")
  func foreign() async throws {
    try await withTemporaryFolder { path in
      let file = path + "/x.safetensors"
      try SafetensorsFile.write(tensors: [], metadata: [("a", "b")], to: file)
      #expect(throws: FormatError.self) { try TrainingState.load(from: file) }
      try SafetensorsFile.write(
        tensors: [], metadata: [("gpuml.training_state", "2")], to: file)
      let error = #expect(throws: FormatError.self) { try TrainingState.load(from: file) }
      #expect("\(try #require(error))".contains("version"))
      for name in ["/none", "/file", "/empty"] {
        if name == "/file" { try Data().write(to: URL(fileURLWithPath: path + name)) }
        if name == "/empty" {
          try FileManager.default.createDirectory(
            atPath: path + name, withIntermediateDirectories: false)
        }
        #expect(throws: FormatError.self, "\(name)") { try ResumedRun(path + name) }
      }
    }
  }
}
