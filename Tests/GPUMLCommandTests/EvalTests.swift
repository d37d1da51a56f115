import Foundation
import GPUMLFormats
import Testing

@Suite("gpuml eval, inspect, devices and bench")
struct EvalTests {
  @Test("eval --json gives the metrics and a matrix that adds up")
  func json() async throws {
    let run = try await SharedRuns.digits.value.path
    let outcome = try await CommandLineTool.run(
      ["eval", "--model", run, "--data", "digits", "--json", "-q"], in: SharedRuns.folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let metrics = try #require(try outcome.objects().first)
    #expect(
      metrics.members?.map(\.key) == [
        "accuracy", "loss", "top5_accuracy", "macro_precision", "macro_recall", "macro_f1",
        "roc_auc", "confusion", "per_class",
      ])
    let counts = try #require(metrics["confusion"]?.elements).map { row in
      (row.elements ?? []).compactMap { $0.integer }
    }
    #expect(counts.count == 10 && counts.allSatisfy { $0.count == 10 })
    #expect(counts.joined().reduce(0, +) == 1797)
    let right = counts.indices.reduce(0) { $0 + counts[$1][$1] }
    #expect(metrics["accuracy"]?.number == Double(right) / 1797)
    let support = (metrics["per_class"]?.elements ?? []).compactMap { $0["support"]?.integer }
    #expect(support.reduce(0, +) == 1797)
  }

  private func evaluate(_ flags: String...) async throws -> CommandLineTool.Outcome {
    let run = try await SharedRuns.table.value.path
    return try await CommandLineTool.run(
      ["eval", "--model", run, "--data", "table.csv", "-q"] + flags, in: SharedRuns.folder)
  }

  @Test(
    "--fail-under is a gate",
    arguments: [
      ("accuracy=0.3", 0), ("accuracy=1.01", 2), ("macro_f1=0.1", 0), ("roc_auc=0.5", 0),
      ("roc_auc=1.01", 2), ("r2=0.5", 64), ("accuracy", 64), ("loss=0.5", 64),
    ])
  func gate(bound: String, code: Int32) async throws {
    let outcome = try await evaluate("--fail-under", bound)
    #expect(outcome.code == code, "\(outcome.errors)")
  }

  @Test(
    "--fail-over is a gate of errors",
    arguments: [("loss=100", 0), ("loss=0.00001", 2), ("accuracy=0.5", 64), ("rmse=3", 64)])
  func upperGate(bound: String, code: Int32) async throws {
    let outcome = try await evaluate("--fail-over", bound)
    #expect(outcome.code == code, "\(outcome.errors)")
    if code == 2 { #expect(outcome.errors.contains("loss <= 1e-05 does not hold")) }
  }

  @Test("--top-k is measured and a gate, for as many classes as there are", arguments: [1, 2, 3])
  func topK(k: Int) async throws {
    let run = try await SharedRuns.table.value.path
    let outcome = try await CommandLineTool.run(
      [
        "eval", "--model", run, "--data", "table.csv", "-q", "--json", "--top-k", "\(k)",
        "--fail-under", "top\(k)_accuracy=0.3",
      ], in: SharedRuns.folder)
    if k == 3 {
      #expect(outcome.code == 64 && outcome.errors.contains("top-k"), "\(outcome.errors)")
      return
    }
    #expect(outcome.code == 0, "\(outcome.errors)")
    let metrics = try #require(try outcome.objects().first)
    let found = try #require(metrics["top\(k)_accuracy"]?.number)
    #expect(k == 2 ? found == 1 : found == metrics["accuracy"]?.number)
  }

  @Test("eval tells labels that the model does not know, with their line")
  func unknownLabel() async throws {
    let run = try await SharedRuns.table.value.path
    let outcome = try await CommandLineTool.run(
      ["eval", "--model", run, "--data", "-"], in: SharedRuns.folder,
      input: "width,height,colour,kind\n1,2,red,narrow\n1,2,red,purple\n")
    #expect(outcome.code == 65 && outcome.errorLines.count == 1)
    #expect(outcome.errors.contains("standard input:3"))
  }

  @Test("inspect shows what a model takes and gives")
  func inspect() async throws {
    let run = try await SharedRuns.digits.value.path
    let plain = try await CommandLineTool.run(["inspect", run], in: SharedRuns.folder)
    #expect(plain.code == 0 && plain.output.contains("x float32 [batch, 1, 8, 8]"))
    for line in plain.lines { #expect(line.count <= 80) }
    let outcome = try await CommandLineTool.run(
      ["inspect", run + "/model.safetensors", "--json"], in: SharedRuns.folder)
    let facts = try #require(try outcome.objects().first)
    let products = 64 * 128 + 128 * 64 + 64 * 10
    #expect(facts["parameters"]?.integer == Int64(products + 128 + 64 + 10))
    #expect(facts["flops_per_example"]?.integer == Int64(2 * products))
    #expect(facts["labels"]?.elements?.count == 10)
  }

  @Test("devices lists each device and the choices, in 80 columns")
  func devices() async throws {
    let plain = try await CommandLineTool.run(["devices"], in: SharedRuns.folder)
    #expect(plain.code == 0 && plain.output.contains("training on "))
    let rows = try await CommandLineTool.run(["devices", "--json"], in: SharedRuns.folder)
    let objects = try rows.objects()
    #expect(!objects.isEmpty)
    #expect(objects.count { $0["train"]?.bool == true } == 1)
    #expect(objects.count { $0["infer"]?.bool == true } == 1)
  }

  @Test("bench matmul tells its rate beside the peak")
  func bench() async throws {
    let outcome = try await CommandLineTool.run(
      ["bench", "matmul", "--size", "32,70", "--seconds", "0.05", "--json", "-q"],
      in: SharedRuns.folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let lines = try outcome.objects()
    #expect(lines.map { $0["n"]?.integer } == [32, 70])
    for line in lines {
      let rate = try #require(line["gflops"]?.number)
      let peak = try #require(line["peak_gflops"]?.number)
      #expect(rate > 0 && peak > 0)
      #expect(line["efficiency"]?.number == rate / peak)
    }
  }

  @Test(
    "bench elementwise and reduce tell the share of a copy", arguments: ["elementwise", "reduce"])
  func benchBandwidth(name: String) async throws {
    let outcome = try await CommandLineTool.run(
      ["bench", name, "--size", "64k", "--seconds", "0.01", "--json", "-q"], in: SharedRuns.folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let lines = try outcome.objects()
    #expect(lines.count > 10)
    for line in lines {
      let rate = try #require(line["gb_per_second"]?.number)
      let copy = try #require(line["copy_gb_per_second"]?.number)
      let share = try #require(line["efficiency"]?.number)
      #expect(rate > 0 && abs(share - rate / copy) < 1e-9 * share)
    }
  }

  @Test("bench train and infer tell what a step takes")
  func benchNetworks() async throws {
    let train = try await CommandLineTool.run(
      [
        "bench", "train", "--model", "mlp:16", "--batch-size", "8", "--seconds", "0.05", "--json",
        "-q",
      ], in: SharedRuns.folder)
    #expect(train.code == 0, "\(train.errors)")
    #expect((try train.objects().first?["peak_memory_bytes"]?.integer ?? 0) > 50_000)
    let run = try await SharedRuns.digits.value.path
    for model in ["mlp:16", run] {
      let infer = try await CommandLineTool.run(
        [
          "bench", "infer", "--model", model, "--batch-size", "1,8", "--seconds", "0.05", "--json",
          "-q",
        ], in: SharedRuns.folder)
      #expect(infer.code == 0, "\(infer.errors)")
      #expect(try infer.objects().map { $0["batch"]?.integer } == [1, 8])
    }
  }

  @Test("--version and --help work everywhere")
  func help() async throws {
    for command in [[], ["train"], ["infer"], ["eval"], ["inspect"], ["devices"], ["bench"]] {
      let help = try await CommandLineTool.run(command + ["--help"], in: SharedRuns.folder)
      #expect(help.code == 0 && help.output.contains("USAGE"))
      for line in help.lines { #expect(line.count <= 80, "\(line)") }
      let version = try await CommandLineTool.run(command + ["--version"], in: SharedRuns.folder)
      #expect(version.code == 0 && version.lines.count == 1)
    }
  }
}
