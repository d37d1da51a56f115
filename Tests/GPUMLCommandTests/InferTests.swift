import Foundation
import GPUMLFormats
import TestSupport
import Testing

@Suite("gpuml infer")
struct InferTests {
  @Test("every kind of file gives a row an example", arguments: ["npy", "idx", "csv", "tsv", "-"])
  func inputs(kind: String) async throws {
    let run = try await SharedRuns.digits.value.path
    try await TemporaryFolder.use { folder in
      let name = kind == "-" ? "-" : "input.\(kind)"
      let file = URL(fileURLWithPath: "\(folder)/\(name)")
      let text = Samples.csv(count: 5, header: kind == "csv")
      switch kind {
      case "npy": try Samples.npy(count: 5).write(to: file)
      case "idx": try Samples.idx(count: 5).write(to: file)
      case "csv": try Data(text.utf8).write(to: file)
      case "tsv": try Data(text.replacing(",", with: "\t").utf8).write(to: file)
      default: break
      }
      let outcome = try await CommandLineTool.run(
        ["infer", "--model", run, "--input", name, "-q"], in: folder, input: text)
      #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
      #expect(outcome.lines.count == 6 && outcome.lines[0] == "prediction")
      let digits = Set((0..<10).map(String.init))
      #expect(outcome.lines.dropFirst().allSatisfy { digits.contains($0) })
    }
  }

  @Test("rows keep their order, whatever the batch size")
  func order() async throws {
    let run = try await SharedRuns.table.value.path
    let table = Samples.table(rows: 57)
    var outputs: Set<String> = []
    for size in ["1", "8", "57", "1000"] {
      let outcome = try await CommandLineTool.run(
        ["infer", "--model", run, "--input", "-", "-q", "--batch-size", size],
        in: SharedRuns.folder, input: table)
      #expect(outcome.code == 0 && outcome.lines.count == 58, "\(outcome.errors)")
      outputs.insert(outcome.output)
    }
    #expect(outputs.count == 1)
  }

  @Test("with --stream a row is predicted before the next one comes", arguments: [false, true])
  func stream(isJSON: Bool) async throws {
    let run = try await SharedRuns.table.value.path
    try await TemporaryFolder.use { folder in
      let pipe = Pipe()
      let output = folder + "/output"
      try Data().write(to: URL(fileURLWithPath: output))
      let rows = Samples.table(rows: 9, isLabelled: false).split(separator: "\n").map(String.init)
      let texts =
        isJSON
        ? rows.dropFirst().map { row in
          let cells = row.split(separator: ",")
          return #"{"width": \#(cells[0]), "height": \#(cells[1]), "colour": "\#(cells[2])"}"#
        } : ["\(rows[0])\n\(rows[1])"] + rows.dropFirst(2)
      let outcome = try await CommandLineTool.run(
        ["infer", "--model", run, "--input", "-", "-q", "--stream"], in: folder,
        from: pipe.fileHandleForReading, output: output
      ) { process in
        for (place, text) in texts.enumerated() {
          try pipe.fileHandleForWriting.write(contentsOf: Data((text + "\n").utf8))
          var (lines, waited) = (0, 0)
          // The header as well.
          while lines < place + 2, waited < 6000, process.isRunning {
            try await Task.sleep(for: .milliseconds(10))
            waited += 1
            lines = try String(contentsOfFile: output, encoding: .utf8).count { $0 == "\n" }
          }
          #expect(lines == place + 2)
        }
        try pipe.fileHandleForWriting.close()
      }
      #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
      let all = try await CommandLineTool.run(
        ["infer", "--model", run, "--input", "-", "-q"], in: folder,
        input: Samples.table(rows: 9, isLabelled: false))
      #expect(try String(contentsOfFile: output, encoding: .utf8) == all.output)
    }
  }

  @Test("labels come out as they stood, with and without the label's column")
  func labels() async throws {
    let (run, trained) = try await SharedRuns.table.value
    #expect(trained.code == 0, "\(trained.errors)")
    var outputs: [String] = []
    for isLabelled in [true, false] {
      let outcome = try await CommandLineTool.run(
        ["infer", "--model", run, "--input", "-", "-q"], in: SharedRuns.folder,
        input: Samples.table(rows: 40, isLabelled: isLabelled))
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(Set(outcome.lines.dropFirst()) == ["narrow", "\"wide, really\""])
      outputs.append(outcome.output)
    }
    #expect(outputs[0] == outputs[1])
  }

  @Test("--proba and --top-k tell probabilities under their names")
  func probabilities() async throws {
    let run = try await SharedRuns.table.value.path
    let input = Samples.table(rows: 3)
    let arguments = ["infer", "--model", run, "--input", "-", "-q", "--proba", "--top-k", "5"]
    let csv = try await CommandLineTool.run(arguments, in: SharedRuns.folder, input: input)
    #expect(
      csv.lines.first
        == "prediction,label_1,score_1,label_2,score_2,p_narrow,\"p_wide, really\"")
    let json = try await CommandLineTool.run(
      arguments + ["--json"], in: SharedRuns.folder, input: input)
    let objects = try json.objects()
    #expect(objects.count == 3)
    for object in objects {
      #expect(object["prediction"] == object["label_1"])
      let sum = (object["p_narrow"]?.number ?? 9) + (object["p_wide, really"]?.number ?? 9)
      #expect(abs(sum - 1) < 1e-5)
      #expect((object["score_1"]?.number ?? 0) >= (object["score_2"]?.number ?? 1))
    }
  }

  @Test("--output holds what standard output would, and appears whole")
  func outputFile() async throws {
    let run = try await SharedRuns.table.value.path
    try await TemporaryFolder.use { folder in
      let input = Samples.table(rows: 9)
      let arguments = ["infer", "--model", run, "--input", "-", "-q"]
      let printed = try await CommandLineTool.run(arguments, in: folder, input: input)
      let written = try await CommandLineTool.run(
        arguments + ["--output", "out.csv"], in: folder, input: input)
      #expect(written.code == 0 && written.output.isEmpty)
      let content = try String(contentsOfFile: folder + "/out.csv", encoding: .utf8)
      #expect(content == printed.output)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["out.csv"])
    }
  }

  @Test("a table of numbers trains and predicts numbers")
  func regression() async throws {
    try await TemporaryFolder.use { folder in
      let rows = (0..<80).map { "\($0),\($0 % 5),\(Double($0) * 2.5 + 100.5)" }
      let text = (["a,b,price"] + rows).joined(separator: "\n")
      try text.write(toFile: folder + "/t.csv", atomically: true, encoding: .utf8)
      let trained = try await CommandLineTool.run(
        [
          "train", "--data", "t.csv", "--model", "linear", "--epochs", "60", "--lr", "0.05",
          "--json", "-q",
        ], in: folder)
      #expect(trained.code == 0, "\(trained.errors)")
      let done = try #require(try trained.objects().last)
      #expect((done["val_r2"]?.number ?? 0) > 0.9)
      #expect(done["val_rmse"]?.number != nil && done["val_accuracy"] == nil)
      let evaluated = try await CommandLineTool.run(
        ["eval", "--model", "runs/train", "--data", "t.csv", "--json", "-q"], in: folder)
      let metrics = try #require(try evaluated.objects().first)
      #expect(metrics.members?.map(\.key) == ["r2", "rmse", "mae"])
      let predicted = try await CommandLineTool.run(
        ["infer", "--model", "runs/train", "--input", "-", "-q"], in: folder, input: "a,b\n40,0\n")
      #expect(predicted.lines.count == 2)
      let value = try #require(Double(predicted.lines[1]))
      #expect(abs(value - 200.5) < 40)
      let refused = try await CommandLineTool.run(
        ["infer", "--model", "runs/train", "--input", "t.csv", "--proba"], in: folder)
      #expect(refused.code == 64 && refused.output.isEmpty)
    }
  }

  @Test("few examples go to the in-thread device, where none is asked for", arguments: [4, 5])
  func smallBatch(count: Int) async throws {
    let run = try await SharedRuns.digits.value.path
    let input = Samples.csv(count: count, header: false)
    let arguments = ["infer", "--model", run, "--input", "-"]
    var outputs: Set<String> = []
    for device in ["auto", "cpu"] {
      let outcome = try await CommandLineTool.run(
        arguments + ["--device", device], in: SharedRuns.folder, input: input)
      #expect(outcome.code == 0 && outcome.lines.count == count + 1, "\(outcome.errors)")
      let isSmall = outcome.errors.contains("small batches")
      #expect(isSmall == (device == "auto" && count == 4), "\(outcome.errors)")
      outputs.insert(outcome.output)
    }
    #expect(outputs.count == 1)
  }

  @Test("predictions go where they were measured fastest, as long as the cache is there")
  func measured() async throws {
    let run = try await SharedRuns.digits.value.path
    try await TemporaryFolder.use { cache in
      let environment = ["GPUML_CACHE": cache]
      let bench = try await CommandLineTool.run(
        [
          "bench", "infer", "--model", run, "--batch-size", "3", "--seconds", "0.02", "--json",
          "--quiet",
        ], in: SharedRuns.folder, environment: environment)
      #expect(bench.code == 0, "\(bench.errors)")
      let reason = try #require(bench.objects().first?["reason"]?.text)
      let devices = try await CommandLineTool.run(["devices", "--json"], in: SharedRuns.folder)
      // Other drivers than PoCL offer one CPU device, and there is nothing to choose.
      if !devices.output.contains("Portable Computing Language") { return }
      #expect(reason.contains("measured fastest for batches of 2 to 4 ("), "\(reason)")
      #expect(reason.contains(" µs against "), "\(reason)")
      for (count, isMeasured) in [(4, true), (1, false)] {
        let outcome = try await CommandLineTool.run(
          ["infer", "--model", run, "--input", "-"], in: SharedRuns.folder,
          input: Samples.csv(count: count, header: false), environment: environment)
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains(reason) == isMeasured, "\(outcome.errors)")
      }
    }
  }
}
