import Foundation
import TestSupport
import Testing

/// Networks from files, from trained models, and several of them.
@Suite("gpuml train with other networks") struct NetworkTests {
  /// A folder with a table of two numbers and a class.
  private func folder(_ classes: [String] = ["high", "low"]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let rows = (0..<100).map { row in
      "\(row % 10),\(row % 7),\(classes[(row % 10 + row % 7) / 8 % classes.count])\n"
    }
    _ = try folder.file("t.csv", Array(("x,y,kind\n" + rows.joined()).utf8))
    _ = try folder.file(
      "net.yaml", Array("layers:\n  - linear: 8\n  - batch-norm\n  - relu\n  - linear\n".utf8))
    return folder
  }

  private func train(
    _ folder: TemporaryFolder, _ arguments: String...
  ) async throws -> CommandLineTool.Outcome {
    try await CommandLineTool.run(
      ["train", "--data", "t.csv", "--epochs", "2"] + arguments, in: folder.path)
  }

  @Test("--dry-run tells bytes and operations, and writes nothing")
  func dryRun() async throws {
    let folder = try folder()
    let outcome = try await train(folder, "--model", "mlp:8", "--dry-run", "--json")
    let plan = try #require(try outcome.objects().first)
    // 2·8 + 8 and 8·2 + 2 parameters; 80 examples in batches of 32.
    for (key, expected) in [
      ("parameters", 42), ("examples", 80), ("batch_size", 32), ("steps_per_epoch", 3),
      ("flops_per_example", 2 * (2 * 8 + 8 * 2)), ("flops_per_step", 32 * 2 * (2 * 32 + 16)),
      ("weight_bytes", 168), ("optimizer_bytes", 336),
    ] {
      #expect(plan[key]?.integer == Int64(expected), "\(key)")
    }
    // Slabs of gradients are aligned.
    #expect((168..<1000).contains(plan["gradient_bytes"]?.integer ?? 0))
    #expect((plan["device_bytes"]?.integer ?? 0) > 168 * 4)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        == ["net.yaml", "t.csv"])
    let text = try await train(folder, "--model", "net.yaml", "--dry-run")
    #expect(text.output.contains("BatchNorm") && text.output.contains("of the device's memory"))
  }

  @Test("a network of a file is trained, tuned for other classes, and predicts")
  func tuning() async throws {
    let folder = try folder()
    #expect(try await train(folder, "--model", "net.yaml", "--output", "base", "-q").code == 0)
    let tuned = try await train(
      folder, "--from", "base", "--freeze", "layers.0", "--output", "tuned", "--tensorboard")
    #expect(tuned.code == 0)
    #expect(tuned.errors.contains("beginning from base/model.safetensors\n"))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/tuned")
    #expect(names.contains("model.yaml") && names.contains { $0.hasPrefix("events.out.tfevents.") })
    let others = try self.folder(["a", "b", "c"])
    let base = folder.path + "/base"
    let other = try await train(others, "--from", base, "--output", "other")
    #expect(other.code == 0 && other.errors.contains("anew: layers.3.weight, layers.3.bias"))
    let predicted = try await CommandLineTool.run(
      ["infer", "--model", "other", "--input", "t.csv", "--quiet"], in: others.path)
    #expect(predicted.code == 0 && predicted.lines.count == 101)
  }

  @Test("folds are told one by one and together, and their end has means and deviations")
  func folds() async throws {
    let folder = try folder()
    let outcome = try await train(folder, "--folds", "3", "--output", "run", "--json")
    let events = try outcome.objects()
    let folds = events.filter { $0["event"]?.text == "fold" }
    #expect(folds.compactMap { $0["fold"]?.integer } == [1, 2, 3])
    let done = try #require(events.last)
    #expect(done["event"]?.text == "done" && done["folds"]?.integer == 3)
    let mean = folds.compactMap { $0["val_accuracy"]?.number }.reduce(0, +) / 3
    #expect(abs((done["val_accuracy"]?.number ?? -1) - mean) < 1e-12)
    #expect((done["val_accuracy_std"]?.number ?? -1) >= 0)
    let resumed = try await CommandLineTool.run(
      ["train", "--resume", "run/fold-2"], in: folder.path)
    #expect(resumed.code == 78 && resumed.errorLines.count == 1)
    let again = try await CommandLineTool.run(
      ["train", "--config", "run/fold-1/args.yaml"], in: folder.path)
    #expect(again.code == 78 && again.errors.contains("run/fold-1/args.yaml:"))
  }

  @Test(
    "what makes no sense is one line with the right code, and leaves nothing",
    arguments: [
      (["--model", "missing.yaml"], 66, "missing.yaml"), (["--model", "t.csv.yaml"], 66, "t.csv"),
      (["--folds", "1"], 78, "folds"), (["--folds", "101"], 78, "folds"),
      (["--folds", "60", "--test-split", "0.5"], 78, "folds"),
      (["--folds", "2", "--batch-size", "1000"], 78, "batch-size"),
      (["--model", "net.yaml", "--batch-size", "1000"], 78, "batch-size"),
      (["--tensorboard", "--batch-size", "1000"], 78, "batch-size"),
      (["--freeze", "layers.9"], 78, "freeze"), (["--freeze", "*"], 78, "freeze"),
      (["--from", "nothing"], 66, "nothing"), (["--from", "t.csv"], 65, "t.csv"),
      (["--from", "base", "--scale", "none"], 78, "from"),
      (["--from", "base", "--impute", "mean"], 78, "from"),
      (["--from", "base", "--output", "base", "--force"], 78, "from"),
      (["--from", "base", "--target", "x"], 65, "'x' is to be predicted"),
      (["--from", "base", "--model", "mlp:9"], 65, "layers.0.weight"),
    ])
  func faults(arguments: [String], code: Int32, reason: String) async throws {
    let folder = try folder()
    if arguments.contains("base") {
      #expect(try await train(folder, "--model", "mlp:8", "--output", "base", "-q").code == 0)
    }
    let before = try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
    let outcome = try await CommandLineTool.run(
      ["train", "--data", "t.csv", "--epochs", "2"] + arguments, in: folder.path)
    #expect(outcome.code == code, "\(outcome.errors)")
    let lines = outcome.errorLines.filter { $0.hasPrefix("gpuml: ") }
    #expect(lines.count == 1 && lines[0].contains(reason), "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
    let after = try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
    #expect(after.filter { !$0.hasPrefix("runs") } == before)
    #expect(!after.contains { $0.hasPrefix("runs/train") }, "\(after)")
  }
}
