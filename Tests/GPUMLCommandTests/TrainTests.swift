import Foundation
import GPUMLFormats
import TestSupport
import Testing

@Suite("gpuml train")
struct TrainTests {
  @Test("a run leaves its files, and its last line is a command that works")
  func plain() async throws {
    let (path, outcome) = try await SharedRuns.digits.value
    #expect(outcome.code == 0, "\(outcome.errors)")
    let files = Set(try FileManager.default.contentsOfDirectory(atPath: path))
    #expect(files.isSuperset(of: ["args.yaml", "model.safetensors", "results.csv"]))
    let last = try #require(outcome.lines.last)
    #expect(last == "saved digits; predict with: gpuml infer --model digits --input digits")
    #expect(outcome.errorLines.first?.hasPrefix("training on ") == true)
    #expect(outcome.errorLines.count { $0.hasPrefix("epoch ") } == 2)
    for line in outcome.errorLines.dropFirst() { #expect(line.count <= 80, "\(line)") }
    let words = last.split(separator: " ").map(String.init)
    let command = try #require(words.firstIndex(of: "gpuml"))
    let predicted = try await CommandLineTool.run(
      Array(words[(command + 1)...]), in: SharedRuns.folder)
    #expect(predicted.code == 0 && predicted.lines.count == 1798)
  }

  @Test("--json tells events that scripts can read, and nothing else")
  func events() async throws {
    try await TemporaryFolder.use { folder in
      let outcome = try await CommandLineTool.run(
        ["train", "--epochs", "2", "--test-split", "0.1", "--json", "--quiet"], in: folder)
      #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
      let events = try outcome.objects()
      #expect(events.allSatisfy { $0["schema"]?.integer == 1 })
      #expect(events.first?["event"]?.text == "start")
      #expect(events.count { $0["event"]?.text == "epoch" } == 2)
      #expect(events.contains { $0["event"]?.text == "checkpoint" })
      let done = try #require(events.last)
      #expect(done["event"]?.text == "done")
      #expect(done["run"]?.text == "runs/train")
      #expect(done["model"]?.text == "runs/train/model.safetensors")
      #expect(done["epochs"]?.integer == 2)
      for key in [
        "train_loss", "val_loss", "val_accuracy", "test_accuracy", "seconds", "samples_per_second",
        "best_epoch",
      ] { #expect(done[key]?.number != nil, "\(key)") }
      #expect(done["device"]?.text?.isEmpty == false)
    }
  }

  @Test("a run folder that holds something is not touched without --force")
  func existingFolder() async throws {
    try await TemporaryFolder.use { folder in
      let file = folder + "/run/model.safetensors"
      try FileManager.default.createDirectory(
        atPath: folder + "/run", withIntermediateDirectories: true)
      try "old".write(toFile: file, atomically: true, encoding: .utf8)
      let arguments = ["train", "--epochs", "1", "--quiet", "--output", "run"]
      let refused = try await CommandLineTool.run(arguments, in: folder)
      #expect(refused.code == 73 && refused.errorLines.count == 1)
      #expect(try String(contentsOfFile: file, encoding: .utf8) == "old")
      let forced = try await CommandLineTool.run(arguments + ["--force"], in: folder)
      #expect(forced.code == 0, "\(forced.errors)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/run").count >= 3)
    }
  }

  @Test("the same seed gives the same model")
  func reproducible() async throws {
    try await TemporaryFolder.use { folder in
      var models: [Data] = []
      for (name, seed) in [("a", "7"), ("b", "7"), ("c", "8")] {
        let outcome = try await CommandLineTool.run(
          ["train", "--epochs", "1", "-q", "--seed", seed, "--output", name], in: folder)
        #expect(outcome.code == 0, "\(outcome.errors)")
        models.append(
          try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)/model.safetensors")))
      }
      #expect(models[0] == models[1])
      #expect(models[0] != models[2])
    }
  }

  @Test("a loss that is not finite ends with 3 and keeps what is good")
  func diverges() async throws {
    try await TemporaryFolder.use { folder in
      let outcome = try await CommandLineTool.run(
        ["train", "--epochs", "5", "--optimizer", "sgd", "--lr", "1e30", "-q", "--json"],
        in: folder)
      #expect(outcome.code == 3)
      #expect(outcome.errorLines.count == 1 && outcome.errors.contains("step"))
      let last = try #require(try outcome.objects().last)
      #expect(last["event"]?.text == "error" && last["exit_code"]?.integer == 3)
    }
  }

  @Test("a signal saves what there is", arguments: [SIGINT, SIGTERM])
  func signals(number: Int32) async throws {
    try await TemporaryFolder.use { folder in
      let results = folder + "/run/results.csv"
      let outcome = try await CommandLineTool.run(
        ["train", "--epochs", "1000000", "--lr-schedule", "constant", "--output", "run"],
        in: folder
      ) { process in
        // The first file that an epoch leaves shows that the training is under way.
        while process.isRunning, !FileManager.default.fileExists(atPath: results) {
          try await Task.sleep(for: .milliseconds(20))
        }
        kill(process.processIdentifier, number)
      }
      #expect(outcome.code == 128 + number, "\(outcome.errors)")
      #expect(outcome.lines.last?.hasPrefix("saved run") == true)
      let inspected = try await CommandLineTool.run(["inspect", "run"], in: folder)
      #expect(inspected.code == 0, "\(inspected.errors)")
      let rest = try FileManager.default.contentsOfDirectory(atPath: folder + "/run")
      #expect(!rest.contains { $0.hasSuffix(".tmp") })
    }
  }

  @Test("a file of arrays takes its labels from another file")
  func labelsFile() async throws {
    try await TemporaryFolder.use { folder in
      let labels = Data([0, 0, 8, 1, 0, 0, 0, 40] + (0..<40).map { UInt8($0 % 2) })
      try Samples.idx(count: 40).write(to: URL(fileURLWithPath: folder + "/images.idx"))
      try labels.write(to: URL(fileURLWithPath: folder + "/labels.idx"))
      let source = ["--data", "images.idx", "--labels", "labels.idx"]
      let trained = try await CommandLineTool.run(
        ["train", "--epochs", "1", "--output", "run"] + source, in: folder)
      #expect(trained.code == 0, "\(trained.errors)")
      let measured = try await CommandLineTool.run(
        ["eval", "--model", "run", "--json"] + source, in: folder)
      #expect(measured.code == 0 && measured.output.contains("accuracy"), "\(measured.errors)")
    }
  }

  @Test("every option of a training works with the others, and its model predicts")
  func options() async throws {
    try await TemporaryFolder.use { folder in
      let outcome = try await CommandLineTool.run(
        [
          "train", "--epochs", "3", "--optimizer", "lion", "--clip-norm", "1", "--class-weights",
          "balanced", "--label-smoothing", "0.1", "--accumulate", "2", "--ema", "0.9",
          "--patience", "5", "--time-limit", "2h", "--output", "run", "--json", "-q",
        ], in: folder)
      #expect(outcome.code == 0, "\(outcome.errors)")
      let done = try #require(try outcome.objects().last)
      #expect(done["ending"]?.text == "completed")
      #expect(done["val_roc_auc"]?.number != nil && done["val_macro_f1"]?.number != nil)
      let measured = try await CommandLineTool.run(
        ["eval", "--model", "run", "--data", "digits", "--fail-under", "accuracy=0.6"], in: folder)
      #expect(measured.code == 0, "\(measured.errors)")
    }
  }

  @Test("a time limit ends a training with its best weights, and says so")
  func timeLimit() async throws {
    try await TemporaryFolder.use { folder in
      let outcome = try await CommandLineTool.run(
        [
          "train", "--epochs", "1000000", "--time-limit", "0.5s", "--output", "run", "--json", "-q",
        ],
        in: folder)
      #expect(outcome.code == 0, "\(outcome.errors)")
      let done = try #require(try outcome.objects().last)
      #expect(done["ending"]?.text == "timeLimit" && done["val_accuracy"]?.number != nil)
      let inspected = try await CommandLineTool.run(["inspect", "run"], in: folder)
      #expect(inspected.code == 0)
    }
  }

  @Test("--find-lr suggests a rate, leaves a picture and no model", arguments: [false, true])
  func findLearningRate(asJSON: Bool) async throws {
    try await TemporaryFolder.use { folder in
      let outcome = try await CommandLineTool.run(
        ["train", "--find-lr", "--output", "run"] + (asJSON ? ["--json"] : []), in: folder)
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder + "/run")
          == ["learning-rates.svg"])
      if asJSON {
        let event = try #require(try outcome.objects().first)
        #expect(event["event"]?.text == "find_lr" && outcome.lines.count == 1)
        let rate = try #require(event["suggested_lr"]?.number)
        #expect(rate > 1e-4 && rate < 0.1)
        #expect(event["rates"]?.elements?.count == event["losses"]?.elements?.count)
      } else {
        #expect(outcome.lines.contains { $0.hasPrefix("suggested: --lr 0.0") })
        for line in outcome.lines { #expect(line.count <= 80, "\(line)") }
      }
    }
  }
}
