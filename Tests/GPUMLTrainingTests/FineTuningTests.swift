import Foundation
import GPUMLData
import GPUMLDevice
import GPUMLFormats
import GPUMLGraph
import GPUMLNN
import GPUMLRuntime
import Testing

@testable import GPUMLTraining

@Suite(.serialized) struct FineTuningTests {
  private func request(
    _ path: String, _ change: (inout TrainingRun.Request) throws -> Void = { _ in }
  ) rethrows -> TrainingRun.Request {
    var request = TrainingRun.Request()
    request.output = path
    request.configuration.epochs = 1
    try change(&request)
    return request
  }

  @discardableResult
  private func train(_ request: TrainingRun.Request) async throws -> TrainingResult {
    let run = try TrainingRun(request)
    return try await run.train(in: run.makeFolder())
  }

  /// Rows of two numbers whose sum decides the class.
  private func table(_ names: [String], scale: Double = 1, target: String = "kind") -> String {
    "x,y,\(target)\n"
      + (0..<200).map { row in
        let (x, y) = (Double(row % 14) * scale, Double(row % 11) * scale)
        let place = Int((x + y) / scale) * names.count / 25
        return "\(x),\(y),\(names[min(place, names.count - 1)])\n"
      }.joined()
  }

  @Test("frozen parameters stay as they were in the base, the others learn")
  func frozen() async throws {
    try await withTemporaryFolder { path in
      let base = try await train(request(path + "/base"))
      let tuned = try await train(
        request(path + "/tuned") {
          $0.base = path + "/base"
          $0.configuration.frozen = ["layers.[01]*", "layers.3.weight"]
        })
      for (before, after) in zip(base.weights, tuned.weights) {
        let isFrozen = before.name.hasPrefix("layers.1.") || before.name == "layers.3.weight"
        #expect(before.name == after.name)
        #expect((before.tensor == after.tensor) == isFrozen, "\(before.name)")
      }
      // It goes on from there: it is better from its first epoch than a new one.
      let (first, second) = (base.epochs[0].trainLoss, tuned.epochs[0].trainLoss)
      #expect(second < first - 0.3)
      let model = try ModelFile.load(from: path + "/tuned/model.safetensors")
      let before = try ModelFile.load(from: path + "/base/model.safetensors")
      #expect(model.preprocessing == before.preprocessing && model.labels == before.labels)
      #expect(model.architecture == before.architecture)
      let arguments = content(path + "/tuned/args.yaml")
      #expect(arguments.contains("freeze: [\"layers.[01]*\", layers.3.weight]"))
      #expect(
        arguments.contains("model: \"\(path)/tuned/model.yaml\"")
          || arguments.contains("model: \(path)/tuned/model.yaml"))
      #expect(arguments.contains("from_sha256: "))
    }
  }

  @Test("other classes get a new last layer, and the base's preprocessing stays")
  func newHead() async throws {
    try await withTemporaryFolder { path in
      let (first, second) = (path + "/a.csv", path + "/b.csv")
      try table(["small", "large"]).write(toFile: first, atomically: false, encoding: .utf8)
      try table(["s", "m", "l"], scale: 2, target: "size")
        .write(toFile: second, atomically: false, encoding: .utf8)
      try await train(
        request(path + "/base") {
          $0.source = first
          $0.model = try ModelDefinition(parsing: "mlp:8")
        })
      let run = try TrainingRun(
        request(path + "/tuned") {
          $0.source = second
          $0.options.target = "size"
          $0.base = path + "/base/model.safetensors"
        })
      #expect(run.renewed == ["layers.2.weight", "layers.2.bias"])
      #expect(run.trainer.initialWeights.map(\.name) == ["layers.0.weight", "layers.0.bias"])
      let base = try ModelFile.load(from: path + "/base/model.safetensors")
      _ = try await run.train(in: run.makeFolder())
      let tuned = try ModelFile.load(from: path + "/tuned/model.safetensors")
      #expect(tuned.labels == ["l", "m", "s"])
      #expect(tuned.weight(named: "layers.2.weight")?.shape == [3, 8])
      let (before, after) = (try preprocessing(base), try preprocessing(tuned))
      #expect(before.center == after.center && before.scale == after.scale)
      #expect(before.table?.target == "kind" && after.table?.target == "size")
    }
  }

  private func preprocessing(_ model: ModelFile) throws -> Preprocessing {
    try JSONDecoder().decode(
      Preprocessing.self, from: Data(try #require(model.preprocessing).utf8))
  }

  @Test("a regression keeps its last layer and what its output is scaled with")
  func regression() async throws {
    try await withTemporaryFolder { path in
      func rows(_ offset: Double) -> String {
        "x,y\n"
          + (0..<100).map { "\($0 % 10),\(Double($0 % 10) * 3 + offset + Double($0) * 1e-3)\n" }
          .joined()
      }
      try rows(100).write(toFile: path + "/a.csv", atomically: false, encoding: .utf8)
      try rows(400).write(toFile: path + "/b.csv", atomically: false, encoding: .utf8)
      func settings(_ request: inout TrainingRun.Request) throws {
        request.model = try ModelDefinition(parsing: "linear")
        request.configuration.validationSplit = 0
      }
      try await train(
        request(path + "/base") {
          $0.source = path + "/a.csv"
          try settings(&$0)
        })
      let run = try TrainingRun(
        request(path + "/tuned") {
          $0.source = path + "/b.csv"
          $0.base = path + "/base"
        })
      #expect(run.renewed.isEmpty)
      let base = try #require(run.base)
      let scaling = try #require(base.scaling)
      #expect(scaling.center > 100 && scaling.center < 130)
      _ = try await run.train(in: run.makeFolder())
      let model = try ModelFile.load(from: path + "/tuned/model.safetensors")
      #expect(model.architecture?.contains("\"target_center\":\(scaling.center)") == true)
    }
  }

  @Test("what cannot be begun from is refused with the reason")
  func refused() async throws {
    try await withTemporaryFolder { path in
      try await train(
        request(path + "/base") { $0.model = try ModelDefinition(parsing: "mlp:8") })
      func failure(_ change: (inout TrainingRun.Request) throws -> Void) -> String {
        do {
          _ = try TrainingRun(request(path + "/run", change))
          return "none"
        } catch {
          return "\(error)"
        }
      }
      let base = path + "/base"
      #expect(
        failure {
          $0.base = base
          $0.model = try ModelDefinition(parsing: "mlp:9")
        }.contains("'layers.1.weight' is float32 [8, 64] there and float32 [9, 64]"))
      #expect(failure { $0.base = path + "/none" }.contains("no such file"))
      #expect(failure { $0.base = base + "/args.yaml" }.contains("args.yaml"))
      #expect(failure { $0.base = base + "/last.safetensors" }.contains("last.safetensors"))
      let table = path + "/t.csv"
      try "a,b\n1,x\n2,y\n3,x\n".write(toFile: table, atomically: false, encoding: .utf8)
      #expect(
        failure {
          $0.base = base
          $0.source = table
        }.contains("1 columns where the model takes 64"))
      // A model without its layers needs them to be told.
      var model = try ModelFile.load(from: base + "/model.safetensors")
      model.architecture = nil
      try model.save(to: path + "/plain.safetensors")
      #expect(failure { $0.base = path + "/plain.safetensors" }.contains("--model must name"))
      #expect(
        failure {
          $0.base = path + "/plain.safetensors"
          $0.model = try ModelDefinition(parsing: "mlp:8")
        } == "none")
      model.architecture = "{\"layers\":[{\"linear\":{\"size\":3}}]}"
      try model.save(to: path + "/odd.safetensors")
      #expect(failure { $0.base = path + "/odd.safetensors" }.contains("has no setting 'size'"))
    }
  }

  @Test("what decides the classes begins anew with all that follows it")
  func head() async throws {
    try await withTemporaryFolder { path in
      for (name, classes) in [("a", ["p", "q"]), ("b", ["r", "s"]), ("c", ["p", "q", "r"])] {
        try table(classes).write(
          toFile: "\(path)/\(name).csv", atomically: false, encoding: .utf8)
      }
      try "layers: [{linear: 4}, relu, linear, layer-norm]"
        .write(toFile: path + "/net.yaml", atomically: false, encoding: .utf8)
      try await train(
        request(path + "/base") {
          $0.source = path + "/a.csv"
          $0.model = try ModelDefinition(parsing: path + "/net.yaml")
        })
      for name in ["b", "c"] {
        let run = try TrainingRun(
          request(path + "/run") {
            $0.source = "\(path)/\(name).csv"
            $0.base = path + "/base"
          })
        #expect(run.trainer.initialWeights.map(\.name) == ["layers.0.weight", "layers.0.bias"])
      }
    }
  }

  @Test("a run with layers of its own is resumed wherever its folder is moved, and its base")
  func moved() async throws {
    try await withTemporaryFolder { path in
      try await train(request(path + "/base") { $0.model = try ModelDefinition(parsing: "mlp:8") })
      let expected = try await train(
        request(path + "/whole") {
          $0.base = path + "/base"
          $0.configuration.epochs = 2
        })
      let files = FileManager.default
      do {
        let run = try TrainingRun(
          request(path + "/run") {
            $0.base = path + "/base"
            $0.configuration.epochs = 2
          })
        let folder = try run.makeFolder()
        _ = try await Task {
          try await run.train(
            in: folder,
            observer: Recorder { if case .epoch = $0 { withUnsafeCurrentTask { $0?.cancel() } } })
        }.value
      }
      try files.moveItem(atPath: path + "/run", toPath: path + "/moved")
      try files.moveItem(atPath: path + "/base", toPath: path + "/base2")
      let resumed = try ResumedRun(path + "/moved")
      var request = TrainingRun.Request()
      try resumed.settings.apply(to: &request)
      #expect(throws: FormatError.self) { try TrainingRun(request) }
      request.base = path + "/base2"
      try resumed.check(request)
      let result = try await TrainingRun(request).train(in: resumed.folder, resuming: resumed)
      #expect(result.weights == expected.weights)
    }
  }

  @Test("a pattern that stands for no parameter, and one for all, are refused")
  func patterns() throws {
    let model = try ModelPreset(parsing: "mlp:4").build(featureShape: [2], outputs: 2)
    func step(_ patterns: [String]) throws -> TrainStep {
      var options = TrainStep.Options()
      options.frozen = patterns
      return try TrainStep(
        model, loss: .crossEntropy, optimizer: Adam(), featureShape: [2], options: options)
    }
    #expect(throws: TrainingError.self) { try step(["layers.7"]) }
    #expect(throws: TrainingError.self) { try step(["*"]) }
    #expect(throws: TrainingError.self) { try step(["layers.0", "layers.2.*"]) }
    #expect(try step(["layers.0"]).slots.map(\.name).allSatisfy { $0.hasPrefix("layers.2.") })
    #expect(try step(["layers.?.bias"]).training.variables.contains { $0.shape == [4, 2] })
    #expect(try step(["*.weight"]).slots.count == 4)
  }

  @Test("batch normalisation learns running statistics that inference uses")
  func batchNorm() async throws {
    let model = try LayerList([LayerDefinition("batch-norm"), LayerDefinition("linear")])
      .build(featureShape: [2], outputs: 1)
    let step = try TrainStep(
      model, loss: .meanSquaredError, optimizer: SGD(), featureShape: [2])
    let device = try Device.select(for: .training).device
    let store = try VariableStore(DeviceContext(device: device), variables: step.variables)
    try store.setLearningRate(1e-3)
    let session = try Session(step.training, store: store)
    let x = HostTensor(shape: [4, 2], storage: .float32([1, 10, 2, 20, 3, 30, 4, 40]))
    _ = try await session.run(["x": x, "y": HostTensor([0, 1, 0, 1] as [Float])])
    func value(_ name: String) async throws -> [Double] {
      let named = try #require(step.weights.first { $0.name == name })
      return try await store.value(of: named.variable).doubles
    }
    // Momentum 0.1; unbiased variances 5/3 and 500/3.
    let means = try await value("layers.0.running_mean")
    let variances = try await value("layers.0.running_variance")
    for (found, expected) in zip(
      means + variances, [0.25, 2.5, 0.9 + 0.1 * 5 / 3, 0.9 + 0.1 * 500 / 3])
    {
      #expect(abs(found - expected) < 1e-4 * expected, "\(found) \(expected)")
    }
    // A row alone is not its own mean.
    let prediction = try Session(step.prediction, store: store)
    let row = HostTensor(shape: [1, 2], storage: .float32([1, 10]))
    let pair = HostTensor(shape: [2, 2], storage: .float32([1, 10, 4, 40]))
    let alone = try #require(try await prediction.run(["x": row])["prediction"]?.doubles.first)
    let beside = try #require(try await prediction.run(["x": pair])["prediction"]?.doubles.first)
    #expect(abs(alone - beside) < 1e-5)
  }
}
