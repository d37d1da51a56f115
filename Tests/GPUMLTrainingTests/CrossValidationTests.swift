import Foundation
import GPUMLData
import GPUMLNN
import Synchronization
import Testing

@testable import GPUMLTraining

@Suite(.serialized) struct CrossValidationTests {
  private func request(_ path: String) throws -> TrainingRun.Request {
    var request = TrainingRun.Request()
    request.output = path
    request.folds = 3
    request.model = try ModelDefinition(parsing: "mlp:16")
    request.configuration.epochs = 3
    request.configuration.batchSize = 64
    request.configuration.testSplit = 0.2
    return request
  }

  @Test("folds are trained apart, told together, and the model has learned from all")
  func folds() async throws {
    try await withTemporaryFolder { path in
      let run = try TrainingRun(request(path + "/run"))
      let lines = Mutex<[String]>([])
      let result = try await run.train(
        in: run.makeFolder(),
        observer: Recorder { event in
          guard let line = try event.json(folder: "run", device: "PoCL") else { return }
          lines.withLock { $0.append(line) }
        })
      let folds = try #require(result.crossValidation)
      #expect(folds.folds.count == 3)
      // A fifth is left for the test, and each fold validates on a third of the rest.
      #expect(
        folds.folds.reduce(0) { $0 + $1.validation.count } + (result.test?.count ?? 0) == 1797)
      let accuracy = try #require(folds.summaries.first { $0.name == "val_accuracy" })
      let values = folds.folds.compactMap(\.validation.accuracy)
      let mean = values.reduce(0, +) / 3
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 2
      #expect(abs(accuracy.mean - mean) < 1e-12 && mean > 0.2)
      #expect(abs(accuracy.deviation - variance.squareRoot()) < 1e-12)
      #expect(result.epochs.count == folds.epochs && result.best?.validation == nil)

      let table = content(path + "/run/folds.csv").split(separator: "\n")
      #expect(table.count == 6 && table[0].hasPrefix("fold,best_epoch,val_loss,val_accuracy"))
      #expect(table[4].hasPrefix("mean,,") && table[5].hasPrefix("deviation,,"))
      for fold in 1...3 {
        let own = "\(path)/run/fold-\(fold)"
        #expect(content(own + "/results.csv").split(separator: "\n").count == 4)
        #expect(content(own + "/args.yaml").contains("fold: \"\(fold)/3\""))
        #expect(throws: TrainingError.self) { try ResumedRun(own) }
      }
      #expect(content(path + "/run/report.html").contains("Cross-validation"))
      let told = lines.withLock { $0 }
      #expect(told.count { $0.contains("\"event\":\"fold\"") } == 3)
      let done = try #require(told.last)
      #expect(done.contains("\"folds\":3") && done.contains("\"val_accuracy_std\":"))
    }
  }

  @Test("a cross-validation that was left goes on to the same bits, from whichever fold")
  func resume() async throws {
    try await withTemporaryFolder { path in
      let whole = try TrainingRun(request(path + "/whole"))
      let expected = try await whole.train(in: whole.makeFolder())
      for (number, epoch) in [(1, 2), (3, 1)] {
        let place = "\(path)/cut\(number)"
        #expect(try await cut(place, fold: number, epoch: epoch) == .cancelled)
        #expect(!FileManager.default.fileExists(atPath: place + "/model.safetensors"))
        #expect(try await goOn(place, to: expected).min() == number)
      }
    }
  }

  /// Runs until an epoch of a fold is told.
  private func cut(
    _ place: String, fold number: Int, epoch: Int
  ) async throws -> TrainingResult.Ending {
    let run = try TrainingRun(request(place))
    let folder = try run.makeFolder()
    return try await Task {
      try await run.train(
        in: folder,
        observer: Recorder { event in
          guard case .fold(number, of: 3, .epoch(let report)) = event, report.epoch == epoch
          else { return }
          withUnsafeCurrentTask { $0?.cancel() }
        })
    }.value.ending
  }

  /// Resumes and compares; gives the folds that were trained, of which those that were done are none.
  private func goOn(_ place: String, to expected: TrainingResult) async throws -> Set<Int> {
    let resumed = try ResumedRun(place)
    #expect(resumed.isCrossValidated)
    var request = TrainingRun.Request()
    try resumed.settings.apply(to: &request)
    let trained = Mutex<Set<Int>>([])
    let result = try await TrainingRun(request).train(
      in: resumed.folder, resuming: resumed,
      observer: Recorder { event in
        if case .fold(let number, _, _) = event { trained.withLock { _ = $0.insert(number) } }
      })
    #expect(result.weights == expected.weights)
    #expect(result.crossValidation?.folds.count == 3)
    #expect(
      result.crossValidation?.folds.map(\.validation.loss)
        == expected.crossValidation?.folds.map(\.validation.loss))
    return trained.withLock { $0 }
  }

  @Test("more folds than examples are refused, and overwriting takes the folds away")
  func edges() async throws {
    try await withTemporaryFolder { path in
      var small = try request(path + "/run")
      small.folds = 5000
      #expect(throws: TrainingError.self) { try TrainingRun(small) }
      let folder = try RunFolder.create(at: path + "/run")
      try folder.fold(1).write("x", to: "results.csv")
      try folder.fold(2).write("x", to: "mine.txt")
      try folder.write("x", to: RunFolder.foldsName)
      #expect(throws: TrainingError.self) { try RunFolder.create(at: path + "/run") }
    }
    try await withTemporaryFolder { path in
      let files = FileManager.default
      do {
        let folder = try RunFolder.create(at: path + "/run")
        for name in [RunFolder.argumentsName, RunFolder.layersName, RunFolder.foldsName] {
          try folder.write("epochs: 1", to: name)
        }
        for number in 1...2 {
          let fold = try folder.fold(number)
          try fold.write("fold: \"\(number)/2\"", to: RunFolder.argumentsName)
          try fold.write("x", to: RunFolder.resultsName)
          if number == 2 { try fold.write("x", to: "mine.txt") }
        }
        // A run that is no fold, and a fold of somebody else's.
        try folder.fold(3).write("epochs: 1", to: RunFolder.argumentsName)
        let other = try RunFolder.create(at: path + "/other")
        try other.write("fold: \"1/2\"", to: RunFolder.argumentsName)
        try files.createSymbolicLink(
          atPath: path + "/run/fold-4", withDestinationPath: path + "/other")
      }
      _ = try RunFolder.create(at: path + "/run", force: true)
      let left = try files.subpathsOfDirectory(atPath: path + "/run").sorted()
      #expect(left == ["fold-2", "fold-2/mine.txt", "fold-3", "fold-3/args.yaml", "fold-4"])
      #expect(files.fileExists(atPath: path + "/other/args.yaml"))
    }
    try await withTemporaryFolder { path in
      try "layers: [linear]".write(
        toFile: path + "/model.yaml", atomically: false, encoding: .utf8)
      _ = try RunFolder.create(at: path, force: true)
      #expect(FileManager.default.fileExists(atPath: path + "/model.yaml"))
    }
  }

  @Test("a fold that is trained keeps others out")
  func lock() async throws {
    try await withTemporaryFolder { path in
      let folder = try RunFolder.create(at: path + "/run")
      let fold = try folder.fold(1)
      try fold.write("x", to: "mine.txt")
      #expect(throws: TrainingError.self) { try RunFolder.create(at: fold.path, force: true) }
      withExtendedLifetime(fold) {}
    }
  }
}
