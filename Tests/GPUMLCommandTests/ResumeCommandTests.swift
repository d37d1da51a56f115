import Foundation
import TestSupport
import Testing

/// `gpuml train --resume`, `--config` and what belongs to them.
@Suite(.serialized) struct ResumeCommandTests {
  private func bytes(_ path: String) -> Data? { FileManager.default.contents(atPath: path) }

  private func train(_ arguments: [String], in folder: String) async throws
    -> CommandLineTool.Outcome
  {
    try await CommandLineTool.run(["train", "-q"] + arguments, in: folder)
  }

  @Test("a run stopped by a signal goes on to the model of one that was not")
  func signal() async throws {
    try await TemporaryFolder.use { folder in
      let settings = ["--epochs", "60", "--batch-size", "16", "--seed", "5"]
      let whole = try await train(settings + ["--output", "whole"], in: folder)
      #expect(whole.code == 0, "\(whole.errors)")
      let part = try await CommandLineTool.run(
        ["train", "--no-progress", "--save-every", "1"] + settings + ["--output", "part"],
        in: folder
      ) { process in
        while process.isRunning,
          !FileManager.default.fileExists(atPath: folder + "/part/results.csv")
        {
          try await Task.sleep(for: .milliseconds(10))
        }
        kill(process.processIdentifier, SIGINT)
      }
      #expect(part.code == 130, "\(part.errors)")
      #expect(part.errors.contains("gpuml train --resume part"))
      // Other settings are refused, and change nothing.
      let before = bytes(folder + "/part/last.safetensors")
      let other = try await train(["--resume", "part", "--lr", "0.5"], in: folder)
      #expect(other.code == 78 && other.errorLines.count == 1)
      #expect(other.errors.contains("lr is 0.003 there and 0.5 here"), "\(other.errors)")
      #expect(bytes(folder + "/part/last.safetensors") == before)
      let resumed = try await train(["--resume", "part"], in: folder)
      #expect(resumed.code == 0, "\(resumed.errors)")
      #expect(
        bytes(folder + "/part/model.safetensors") == bytes(folder + "/whole/model.safetensors"))
    }
  }

  @Test("a file that may not grow ends a run with its files whole")
  func fullDisk() async throws {
    try await TemporaryFolder.use { folder in
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/bash")
      // The model fits, the state doesn't.
      process.arguments = [
        "-c",
        "ulimit -f 3000; exec '\(CommandLineTool.path)' train -q --epochs 2 --model mlp:512,512 "
          + "--output full",
      ]
      process.currentDirectoryURL = URL(fileURLWithPath: folder)
      let errors = Pipe()
      process.standardError = errors
      try process.run()
      process.waitUntilExit()
      let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      #expect(process.terminationReason == .exit && process.terminationStatus == 74, "\(text)")
      #expect(text.split(separator: "\n").count == 1 && text.contains("last.safetensors"))
      let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/full")
      #expect(!names.contains { $0.hasSuffix(".tmp") } && !names.contains("last.safetensors"))
      let model = try await CommandLineTool.run(["inspect", "full"], in: folder)
      #expect(model.code == 0, "\(model.errors)")
    }
  }

  @Test("a configuration file trains as flags do, and args.yaml repeats a run")
  func configuration() async throws {
    try await TemporaryFolder.use { folder in
      try "epochs: 2\nbatch-size: 16\nmodel: mlp:8\nseed: 9\n".write(
        toFile: folder + "/c.yaml", atomically: true, encoding: .utf8)
      for arguments in [
        ["--config", "c.yaml", "--output", "a"],
        [
          "--epochs", "2", "--batch-size", "16", "--set", "model=mlp:8", "--seed", "9", "--output",
          "b",
        ],
        ["--config", "a/args.yaml", "--output", "c"],
      ] {
        let outcome = try await train(arguments, in: folder)
        #expect(outcome.code == 0, "\(outcome.errors)")
      }
      let model = try #require(bytes(folder + "/a/model.safetensors"))
      #expect(bytes(folder + "/b/model.safetensors") == model)
      #expect(bytes(folder + "/c/model.safetensors") == model)
      let printed = try await CommandLineTool.run(
        ["train", "--config", "c.yaml", "--epochs", "7", "--print-config"], in: folder,
        environment: ["GPUML_SEED": "3"])
      #expect(printed.code == 0)
      for line in ["epochs: 7", "batch_size: 16", "model: \"mlp:8\"", "seed: 3"] {
        #expect(printed.lines.contains(line), "\(line)")
      }
      let dry = try await train(["--config", "c.yaml", "--dry-run", "--output", "d"], in: folder)
      #expect(dry.code == 0 && dry.output.contains("parameters"))
      #expect(!FileManager.default.fileExists(atPath: folder + "/d"))
    }
  }

  @Test(
    "what cannot be resumed or set is one line and the right exit code",
    arguments: [
      (["--resume", "none"], 66, "none"), (["--resume", "file"], 65, "file"),
      (["--resume", "empty"], 65, "args.yaml is missing"),
      (["--resume", "broken"], 78, "broken/args.yaml:2: "),
      (["--config", "none"], 66, "none"), (["--config", "file"], 78, "file:1: epoch"),
      (["--set", "epoch=3"], 78, "did you mean 'epochs'"), (["--set", "epochs"], 78, "key=value"),
      (["--set", "epochs=x"], 78, "whole number"),
      (["--resume", "x", "--output", "y"], 64, "--output"),
      (["--save-every", "0"], 64, "--save-every"),
    ] as [([String], Int32, String)])
  func refused(arguments: [String], code: Int32, reason: String) async throws {
    try await TemporaryFolder.use { folder in
      try "epoch: 3\n".write(toFile: folder + "/file", atomically: true, encoding: .utf8)
      for name in ["empty", "broken"] {
        try FileManager.default.createDirectory(
          atPath: folder + "/" + name, withIntermediateDirectories: false)
      }
      try "epochs: [\n".write(
        toFile: folder + "/broken/args.yaml", atomically: true, encoding: .utf8)
      let outcome = try await train(arguments, in: folder)
      #expect(outcome.code == code, "\(outcome.errors)")
      #expect(outcome.errors.contains(reason), "\(outcome.errors)")
      #expect(outcome.errors.hasPrefix("gpuml: ") && outcome.output.isEmpty)
      #expect(code == 64 || outcome.errorLines.count == 1, "\(outcome.errors)")
    }
  }
}
