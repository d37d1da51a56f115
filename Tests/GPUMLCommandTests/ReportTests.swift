import Foundation
import TestSupport
import Testing

@Suite("gpuml report") struct ReportTests {
  /// Runs the command in the folder of the shared runs.
  private func report(_ arguments: String..., in folder: String = SharedRuns.folder) async throws
    -> CommandLineTool.Outcome
  {
    try await CommandLineTool.run(["report"] + arguments, in: folder)
  }

  private func text(_ path: String) throws -> String {
    try String(contentsOfFile: path, encoding: .utf8)
  }

  @Test("the page of a training is written again from its folder alone")
  func again() async throws {
    let folder = try TemporaryFolder()
    let run = folder.path + "/run"
    let digits = try await SharedRuns.digits.value.path
    try FileManager.default.copyItem(atPath: digits, toPath: run)
    let page = try text(run + "/report.html")
    #expect(page.contains("Classification of digits") && page.contains("data:image/png;base64,"))
    try FileManager.default.removeItem(atPath: run + "/report.html")
    try FileManager.default.removeItem(atPath: run + "/model.safetensors")
    let outcome = try await report("run/", in: folder.path)
    #expect(outcome.code == 0 && outcome.lines == ["run/report.html"] && outcome.errors.isEmpty)
    // Its heading is the folder's name.
    #expect(
      try text(run + "/report.html").replacing("gpuml run run<", with: "gpuml run digits<")
        .replacing("– run<", with: "– digits<") == page)
    #expect(try await report("run", in: folder.path).code == 0)
  }

  @Test("--json tells what came of the run")
  func json() async throws {
    _ = try await SharedRuns.digits.value
    let outcome = try await report("digits", "--json")
    let line = try #require(try outcome.objects().first)
    #expect(line["report"]?.text == "digits/report.html")
    let run = try #require(line["runs"]?.elements?.first)
    #expect(run["epochs"]?.integer == 2 && run["ending"]?.text == "completed")
    #expect((0...1).contains(run["val_accuracy"]?.number ?? -1))
  }

  @Test("several runs are compared in a page that overwrites nothing unless told to")
  func comparison() async throws {
    let runs = try await [SharedRuns.digits.value.path, SharedRuns.table.value.path]
    let folder = try TemporaryFolder()
    let first = try await report(runs[0], runs[1], in: folder.path)
    #expect(first.code == 0 && first.lines == ["report.html"])
    let page = try text(folder.path + "/report.html")
    #expect(page.contains("2 runs") && page.contains("Settings that differ"))
    let second = try await report(runs[0], runs[1], in: folder.path)
    #expect(second.code == 73 && second.output.isEmpty && second.errorLines.count == 1)
    #expect(try await report(runs[0], runs[1], "--force", in: folder.path).code == 0)
    let other = try await report(runs[0], "--output", "one.html", "--json", in: folder.path)
    #expect(other.code == 0 && other.output.contains("\"report\":\"one.html\""))
    #expect(try await report(runs[0], "--output", "one.html", in: folder.path).code == 73)
    #expect(try await report(runs[0], "--output", "no/one.html", in: folder.path).code == 73)
  }

  @Test("what is no run ends with one line, and nothing is written")
  func badInput() async throws {
    let folder = try TemporaryFolder()
    _ = try folder.file("file", [1, 2])
    try FileManager.default.createDirectory(
      atPath: folder.path + "/empty", withIntermediateDirectories: true)
    let digits = try await SharedRuns.digits.value.path
    try FileManager.default.copyItem(atPath: digits, toPath: folder.path + "/run")
    try FileManager.default.removeItem(atPath: folder.path + "/run/report.html")
    let faults = [
      ("report.json", "{\"schema\":"), ("results.csv", "epoch\nx\n"), ("args.yaml", "?"),
    ]
    for (path, code) in [("none", 66), ("file", 65), ("empty", 65)] as [(String, Int32)] {
      let outcome = try await report(path, in: folder.path)
      #expect(outcome.code == code && outcome.output.isEmpty, "\(path)")
      #expect(outcome.errorLines.count == 1 && outcome.errors.hasPrefix("gpuml: \(path): "))
    }
    for (name, fault) in faults {
      let whole = try text("\(folder.path)/run/\(name)")
      try fault.write(toFile: "\(folder.path)/run/\(name)", atomically: false, encoding: .utf8)
      let outcome = try await report("run", in: folder.path)
      #expect(outcome.code == 65 && outcome.errorLines.count == 1)
      #expect(outcome.errors.hasPrefix("gpuml: run/\(name):"), "\(outcome.errors)")
      try whole.write(toFile: "\(folder.path)/run/\(name)", atomically: false, encoding: .utf8)
    }
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/run/report.html"))
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/report.html"))
    #expect(try await report(in: folder.path).code == 64)
  }
}
