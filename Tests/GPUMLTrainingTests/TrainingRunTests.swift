import Foundation
import GPUMLData
import GPUMLFormats
import GPUMLNN
import GPUMLTraining
import Synchronization
import Testing

@Suite(.serialized) struct TrainingRunTests {
  @Test("a run writes its configuration, its model and a row an epoch")
  func files() async throws {
    try await withTemporaryFolder { path in
      var request = TrainingRun.Request()
      request.output = path + "/run"
      request.configuration.epochs = 2
      request.configuration.seed = 42
      request.configuration.clipNorm = 2.5
      request.configuration.classWeights = .balanced
      request.configuration.timeLimit = .seconds(600)
      let run = try TrainingRun(request)
      #expect(try run.summary().parameters == 17_226)
      let folder = try run.makeFolder()
      let events = Mutex<[String]>([])
      let result = try await run.train(
        in: folder,
        observer: Recorder { event in
          guard let line = try event.json(folder: folder.path, device: "PoCL") else { return }
          events.withLock { $0.append(line) }
        })
      #expect(folder.path == path + "/run")
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      // A slow run keeps a state before the last.
      #expect(
        Set(names).subtracting(["previous.safetensors"])
          == [
            "args.yaml", "last.safetensors", "model.safetensors", "report.html", "report.json",
            "results.csv",
          ])

      let arguments = content(folder.path + "/args.yaml")
      let kernels = run.trainer.context.kernelFamily.rawValue
      for line in [
        "data: digits", "seed: 42", "epochs: 2", "batch_size: 32", "optimizer: adamw",
        "clip_norm: 2.5", "class_weights: balanced", "label_smoothing: 0.0", "accumulate: 1",
        "ema: null", "time_limit: \"600.0s\"", "scale: fixed", "loss: crossEntropy",
        "kernels: \(kernels)",
      ] {
        #expect(arguments.contains("\n\(line)\n"))
      }
      let hash = try #require(arguments.firstMatch(of: /data_sha256: "?([0-9a-f]{64})"?\n/))
      #expect(!hash.1.isEmpty)

      let rows = content(folder.path + "/results.csv").split(separator: "\n")
      let columns = [
        "epoch", "train_loss", "train_accuracy", "val_loss", "val_accuracy", "val_top5_accuracy",
        "val_macro_precision", "val_macro_recall", "val_macro_f1", "val_roc_auc", "learning_rate",
        "seconds", "samples_per_second",
      ]
      #expect(rows.first?.split(separator: ",").map(String.init) == columns)
      #expect(rows.count == 3)
      let model = try ModelFile.load(from: folder.modelPath)
      #expect(model.weights.count == result.weights.count)
      #expect(model.labels == (0..<10).map(String.init))
      let json = Data(try #require(model.preprocessing).utf8)
      #expect(try JSONDecoder().decode(Preprocessing.self, from: json).featureShape == [1, 8, 8])

      let lines = events.withLock { $0 }
      #expect(lines.allSatisfy { $0.contains("\"schema\":1") && !$0.contains("\n") })
      let done = try #require(lines.last)
      for field in [
        "event\":\"done\"", "run\":", "best_epoch\":", "val_accuracy\":", "train_loss\":",
      ] {
        #expect(done.contains("\"\(field)"))
      }

      #expect(throws: (any Error).self) { try RunFolder.create(at: folder.path) }
    }
  }

  @Test("a run that diverges leaves the weights that were good")
  func divergence() async throws {
    try await withTemporaryFolder { path in
      let table = path + "/table.csv"
      let rows = (0..<100).map { "\($0),\($0 % 7),\(Double($0) * 1.5)" }
      try ("a,b,target\n" + rows.joined(separator: "\n") + "\n")
        .write(toFile: table, atomically: true, encoding: .utf8)
      var request = TrainingRun.Request()
      request.source = table
      request.options.task = .regression
      request.output = path + "/run"
      request.configuration.optimizer = SGD()
      request.configuration.learningRate = 40
      request.configuration.schedule = .step(epochs: 1, factor: 1)
      request.configuration.warmupEpochs = 20
      let run = try TrainingRun(request)
      let error = await #expect(throws: TrainingError.self) {
        try await run.train(in: run.makeFolder())
      }
      #expect(error?.exitCode == 3)
      let model = try ModelFile.load(from: path + "/run/model.safetensors")
      #expect(model.weights.allSatisfy { $0.tensor.doubles.allSatisfy(\.isFinite) })
      #expect(content(path + "/run/results.csv").hasPrefix("epoch,train_loss,val_loss,val_r2"))
    }
  }

  @Test("the defaults read the digits with a mean accuracy of at least 0.97 over five seeds")
  func digits() async throws {
    let data = try Dataset.load("digits")
    var total = 0.0
    for seed in 0..<5 as Range<UInt64> {
      var configuration = TrainingConfiguration()
      configuration.seed = seed
      let trainer = try Trainer(ModelPreset.mlp.build(for: data), configuration: configuration)
      let result = try await trainer.fit(data)
      total += try #require(result.best?.validation?.accuracy)
    }
    #expect(total / 5 >= 0.97)
  }
}
