import Foundation
import TestSupport
import Testing

@Suite("Bad input to gpuml")
struct BadInputTests {
  /// What is asked for, how it must end, and what the one line must contain.
  struct Case: Sendable, CustomTestStringConvertible {
    let arguments: [String]
    let code: Int32
    let text: String
    var testDescription: String { arguments.joined(separator: " ") }

    init(_ arguments: String, _ code: Int32, _ text: String) {
      self.arguments = arguments.split(separator: " ").map(String.init)
      self.code = code
      self.text = text
    }
  }

  static let training = [
    Case("train --data nope.csv", 66, "nope.csv"),
    Case("train --data empty-folder", 65, "empty-folder"),
    Case("train --data ragged.csv", 65, "ragged.csv:3"),
    Case("train --data empty.csv", 65, "empty.csv"),
    Case("train --data header.csv", 65, "header.csv"),
    Case("train --data good.csv --target nope", 65, "nope"),
    Case("train --data pixels.npy", 65, "label"),
    Case("train --data pixels.npy --labels nope.npy", 66, "nope.npy"),
    Case("train --model mpl", 78, "mlp"),
    Case("train --model mlp:0", 78, "mlp:0"),
    Case("train --model mlp:99999999999999999999", 78, "mlp:9"),
    Case("train --model mlp:2147483647,2147483647", 78, "2147483647"),
    Case("train --epochs 0", 78, "epochs"),
    Case("train --batch-size 0", 78, "batch-size"),
    Case("train --batch-size 1000000", 78, "batch-size"),
    Case("train --lr 0", 78, "lr"),
    Case("train --lr=-1", 78, "lr"),
    Case("train --lr -1", 78, "lr"),
    Case("train --config bad.yaml", 78, "bad.yaml:2: epochs"),
    Case("train --data good.csv --impute none --config bad.yaml --epochs -1", 78, "epochs: -1"),
    Case("train --lr nan", 78, "lr"),
    Case("train --weight-decay=-1", 78, "weight-decay"),
    Case("train --val-split 1", 78, "val-split"),
    Case("train --patience 0", 78, "patience"),
    Case("train --patience 3 --val-split 0", 78, "patience"),
    Case("train --clip-norm 0", 78, "clip-norm"),
    Case("train --clip-norm nan", 78, "clip-norm"),
    Case("train --accumulate 0", 78, "accumulate"),
    Case("train --ema 1", 78, "ema"),
    Case("train --label-smoothing 1", 78, "label-smoothing"),
    Case("train --label-smoothing=-0.1", 78, "label-smoothing"),
    Case("train --data good.csv --target width --class-weights balanced", 78, "class-weights"),
    Case("train --data good.csv --target width --label-smoothing 0.1", 78, "label-smoothing"),
    Case("train --device gpu:99", 69, "gpu:99"),
    Case("train --device opencl:9:9", 69, "opencl:9:9"),
    Case("train --device nosuchdevice", 69, "nosuchdevice"),
    Case("train --memory-limit 20k", 75, "budget"),
    Case("train --output file", 73, "file"),
    Case("train --output file/run", 73, "file/run"),
  ]

  static let inference = [
    Case("infer --model nope --input digits", 66, "nope"),
    Case("infer --model empty-folder --input digits", 66, "model.safetensors"),
    Case("infer --model good.csv --input digits", 65, "good.csv"),
    Case("infer --model RUN --input nope.csv", 66, "nope.csv"),
    Case("infer --model RUN --input empty-folder", 65, "empty-folder"),
    Case("infer --model RUN --input truncated.idx", 65, "truncated.idx"),
    // Its columns are not the model's, which is told before any row is read.
    Case("infer --model RUN --input ragged.csv", 65, "ragged.csv"),
    Case("infer --model RUN --input narrow.npy", 65, "[63]"),
    Case("infer --model RUN --input good.csv", 65, "good.csv"),
    Case("infer --model RUN --input digits --device gpu:99", 69, "gpu:99"),
    Case("infer --model RUN --input digits --output no/such/folder.csv", 73, "no/such"),
    Case("infer --model RUN --input digits --output empty-folder", 73, "empty-folder"),
    Case("eval --model RUN --data pixels.npy", 65, "labels"),
    Case("inspect nope", 66, "nope"),
  ]

  static let usage = [
    Case("train --bogus", 64, "--bogus"),
    Case("train --epochs many", 64, "many"),
    Case("train --optimizer adm", 64, "adm"),
    Case("train --class-weights even", 64, "even"),
    Case("train --time-limit 10", 64, "10"),
    Case("train --time-limit 0s", 64, "0s"),
    Case("train --time-limit 1e300h", 64, "1e300h"),
    Case("train --time-limit nans", 64, "nans"),
    Case("train --drop a --features b", 64, "--drop"),
    Case("train -v -q", 64, "--verbose"),
    Case("infer --input digits", 64, "--model"),
    Case("infer --model RUN --input digits --top-k 0", 64, "top-k"),
    Case("infer --model RUN --input digits --batch-size 0", 64, "batch-size"),
    Case("infer --model RUN --input good.csv --output ./good.csv", 64, "good.csv"),
    Case(
      "infer --model RUN --input digits --output RUN/model.safetensors", 64, "model.safetensors"),
    Case("bench matmul --size 0", 64, "0"),
    Case("bench reduce --only nothing", 64, "--only"),
    Case("bench matmul --size 1048576", 64, "1048576"),
    Case("nonsense", 64, "nonsense"),
  ]

  @Test("ends with its code and one line, and leaves no file", arguments: training + inference)
  func refused(bad: Case) async throws {
    let (before, outcome, after) = try await BadInputTests.run(bad)
    #expect(outcome.code == bad.code, "\(outcome.errors)")
    #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
    #expect(outcome.errors.hasPrefix("gpuml: ") && outcome.errors.contains(bad.text))
    #expect(outcome.output.isEmpty)
    #expect(before == after)
  }

  @Test("usage errors say what is wrong first", arguments: usage)
  func misused(bad: Case) async throws {
    let (before, outcome, after) = try await BadInputTests.run(bad)
    #expect(outcome.code == bad.code, "\(outcome.errors)")
    let first = try #require(outcome.errorLines.first)
    #expect(first.hasPrefix("gpuml: ") && first.contains(bad.text), "\(first)")
    #expect(outcome.output.isEmpty)
    #expect(before == after)
  }

  /// Runs a case in a folder of good and bad files; tells the files before and after.
  private static func run(
    _ bad: Case
  ) async throws -> ([String], CommandLineTool.Outcome, [String]) {
    let needsRun = bad.arguments.contains("RUN")
    let run = needsRun ? try await SharedRuns.digits.value.path : ""
    return try await TemporaryFolder.use { folder in
      let manager = FileManager.default
      try manager.createDirectory(
        atPath: folder + "/empty-folder", withIntermediateDirectories: true)
      let texts = [
        "ragged.csv": "a,b\n1,2\n1,2,3\n", "empty.csv": "", "header.csv": "a,b\n",
        "good.csv": Samples.table(rows: 50), "file": "x",
        "bad.yaml": "lr: 0.1\nepochs: 0\n",
      ]
      for (name, text) in texts {
        try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
      }
      let files = [
        "truncated.idx": Samples.idx(count: 3).dropLast(7), "pixels.npy": Samples.npy(count: 3),
        "narrow.npy": Samples.npy(count: 3, width: 63),
      ]
      for (name, data) in files { try data.write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
      let before = try manager.subpathsOfDirectory(atPath: folder).sorted()
      let outcome = try await CommandLineTool.run(
        bad.arguments.map { $0.replacing("RUN", with: run) }, in: folder)
      return (before, outcome, try manager.subpathsOfDirectory(atPath: folder).sorted())
    }
  }

  @Test("GPUML_DEVICE is the default that --device overrides")
  func deviceVariable() async throws {
    let run = try await SharedRuns.digits.value.path
    let arguments = ["infer", "--model", run, "--input", "-"]
    let input = Samples.csv(count: 2, header: false)
    let missing = try await CommandLineTool.run(
      arguments, in: SharedRuns.folder, input: input, environment: ["GPUML_DEVICE": "gpu:99"])
    #expect(missing.code == 69 && missing.errors.contains("gpu:99"))
    let overridden = try await CommandLineTool.run(
      arguments + ["--device", "cpu"], in: SharedRuns.folder, input: input,
      environment: ["GPUML_DEVICE": "gpu:99"])
    #expect(overridden.code == 0 && overridden.lines.count == 3)
    let chosen = try await CommandLineTool.run(
      arguments, in: SharedRuns.folder, input: input, environment: ["GPUML_DEVICE": "cpu"])
    #expect(chosen.code == 0 && chosen.errors.contains("GPUML_DEVICE is cpu"))
  }

  @Test("a full disk for standard output is an error")
  func fullOutput() async throws {
    let run = try await SharedRuns.digits.value.path
    let outcome = try await CommandLineTool.run(
      ["infer", "--model", run, "--input", "digits", "-q"], in: SharedRuns.folder,
      output: "/dev/full")
    #expect(outcome.code == 74 && outcome.errorLines.count == 1, "\(outcome.errors)")
  }
}
