import DatabaseSupport
import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

@Suite("Where gpuml infer reads and writes")
struct InferOutputTests {
  private func infer(
    _ run: String, _ arguments: String..., in folder: String, input: String = ""
  ) async throws -> CommandLineTool.Outcome {
    try await CommandLineTool.run(
      ["infer", "--model", run, "-q"] + arguments, in: folder, input: input)
  }

  private func text(_ name: String, in folder: String) throws -> String {
    try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
  }

  /// A database with the sample table, its first column a number and the colour a text.
  private func database(_ rows: Int, at path: String) throws {
    let lines = Samples.table(rows: rows).split(separator: "\n").dropFirst()
    let values = lines.map { line in
      let cells = line.split(separator: ",", maxSplits: 3)
      return "(\(cells[0]), \(cells[1]), '\(cells[2])', '\(cells[3].replacing("\"", with: ""))')"
    }
    try TestDatabase(path).run(
      "CREATE TABLE boxes (width REAL, height INTEGER, colour TEXT, kind TEXT);"
        + "INSERT INTO boxes VALUES \(values.joined(separator: ","))")
  }

  @Test("a database is trained on, looked at, measured on and predicted as a file is")
  func sources() async throws {
    let run = try await SharedRuns.table.value.path
    try await TemporaryFolder.use { folder in
      try database(120, at: folder + "/boxes.db")
      try Samples.table(rows: 120).write(
        toFile: folder + "/boxes.csv", atomically: true, encoding: .utf8)
      let source = "sqlite:boxes.db?table=boxes"
      let inspected = try await CommandLineTool.run(["data", "inspect", source], in: folder)
      #expect(inspected.code == 0 && inspected.output.hasPrefix("boxes.db: 120 rows, 4 columns"))
      let trained = try await CommandLineTool.run(
        [
          "train", "--data", "sqlite:boxes.db?query=SELECT width, kind FROM boxes", "--model",
          "linear", "--epochs", "2", "-q",
        ], in: folder)
      #expect(trained.code == 0, "\(trained.errors)")
      var outputs: [String] = []
      for data in [source, "boxes.csv"] {
        let evaluated = try await CommandLineTool.run(
          ["eval", "--model", run, "--data", data, "--json", "-q"], in: folder)
        let predicted = try await infer(run, "--input", data, "--proba", in: folder)
        #expect(
          evaluated.code == 0 && predicted.code == 0, "\(evaluated.errors)\(predicted.errors)")
        #expect(predicted.lines.count == 121)
        outputs.append(evaluated.output + predicted.output)
      }
      #expect(outputs[0] == outputs[1])
    }
  }

  @Test("predictions become a table of a database, also of the one that they come from")
  func table() async throws {
    let run = try await SharedRuns.table.value.path
    try await TemporaryFolder.use { folder in
      try database(700, at: folder + "/boxes.db")
      let source = "sqlite:boxes.db?table=boxes"
      let printed = try await infer(run, "--input", source, "--proba", "--top-k", "1", in: folder)
      let arguments = ["--proba", "--top-k", "1", "--batch-size", "16"]
      for destination in ["sqlite:boxes.db?table=out", "sqlite:new.db?table=out"] {
        let written = try await CommandLineTool.run(
          ["infer", "--model", run, "-q", "--input", source, "--output", destination] + arguments,
          in: folder)
        #expect(written.code == 0 && written.output.isEmpty, "\(written.errors)")
      }
      let database = try TestDatabase(folder + "/new.db")
      #expect(
        try database.rows("SELECT name, type FROM pragma_table_info('out')") == [
          ["prediction", "TEXT"], ["label_1", "TEXT"], ["score_1", "REAL"], ["p_narrow", "REAL"],
          ["p_wide, really", "REAL"],
        ])
      let rows = try database.rows("SELECT * FROM out")
      #expect(try TestDatabase(folder + "/boxes.db").rows("SELECT * FROM out") == rows)
      #expect(rows.count == 700 && printed.lines.count == 701)
      for (row, line) in zip(rows, printed.lines.dropFirst()) {
        let probabilities = line.split(separator: ",").suffix(2).compactMap { Double($0) }
        #expect(line.contains(row[0]))
        let found = row.suffix(2).compactMap { Double($0) }
        #expect(zip(found, probabilities).allSatisfy { abs($0 - $1) < 1e-5 })
      }
      let refused = try await infer(
        run, "--input", source, "--output", "sqlite:new.db?table=out", in: folder)
      #expect(refused.code == 73 && refused.errorLines.count == 1)
      #expect(refused.errors.contains("new.db: cannot be created: it has a table 'out'"))
      let replaced = try await infer(
        run, "--input", "sqlite:boxes.db?query=SELECT * FROM boxes LIMIT 3", "--force", "--output",
        "sqlite:new.db?table=out", in: folder)
      #expect(replaced.code == 0, "\(replaced.errors)")
      #expect(try database.rows("SELECT count(*) FROM out") == [["3"]])
    }
  }

  @Test("an array holds indices of classes, probabilities or numbers")
  func arrays() async throws {
    let run = try await SharedRuns.digits.value.path
    try await TemporaryFolder.use { folder in
      let input = Samples.csv(count: 300, header: false)
      let printed = try await infer(run, "--input", "-", "--proba", in: folder, input: input)
      for arguments in [["--output", "c.npy"], ["--output", "p.NPY", "--proba"]] {
        let written = try await CommandLineTool.run(
          ["infer", "--model", run, "-q", "--input", "-"] + arguments, in: folder, input: input)
        #expect(written.code == 0 && written.output.isEmpty, "\(written.errors)")
      }
      let classes = try Data(contentsOf: URL(fileURLWithPath: folder + "/c.npy"))
      let header = String(decoding: classes[10..<128], as: UTF8.self)
      #expect(header.hasPrefix("{'descr': '<i8', 'fortran_order': False, 'shape': (300,), }"))
      #expect(header.hasSuffix(" \n") && classes.count == 128 + 300 * 8 && classes[8] == 118)
      let probabilities = try Data(contentsOf: URL(fileURLWithPath: folder + "/p.NPY"))
      #expect(
        String(decoding: probabilities[10..<100], as: UTF8.self).contains(
          "'<f4', 'fortran_order': False, 'shape': (300, 10)"))
      #expect(probabilities.count == 128 + 300 * 10 * 4)
      for (row, line) in printed.lines.dropFirst().enumerated() {
        let cells = line.split(separator: ",").map(String.init)
        #expect(classes[128 + row * 8] == UInt8(cells[0]))
        let place = 128 + (row * 10 + 3) * 4
        let bits = probabilities[place..<place + 4].reversed().reduce(UInt32(0)) {
          $0 << 8 | UInt32($1)
        }
        #expect("\(Float(bitPattern: bits))" == cells[4])
      }
      let eight = try await infer(
        run, "--input", "-", "--output", "x.npy", "--top-k", "2", in: folder, input: input)
      #expect(eight.code == 64 && eight.errors.contains("--top-k: an array has no room"))
      let json = try await infer(
        run, "--input", "-", "--output", "x.npy", "--json", in: folder, input: input)
      #expect(json.code == 64 && json.errors.contains("--json: "))
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["c.npy", "p.NPY"])
    }
  }

  @Test("a file's name tells its form")
  func endings() async throws {
    let run = try await SharedRuns.table.value.path
    try await TemporaryFolder.use { folder in
      let input = Samples.table(rows: 3)
      let csv = try await infer(run, "--input", "-", in: folder, input: input)
      let json = try await infer(run, "--input", "-", "--json", in: folder, input: input)
      for name in ["out.csv", "out.txt", "out.jsonl", "out.ndjson"] {
        let written = try await infer(
          run, "--input", "-", "--output", name, in: folder, input: input)
        #expect(written.code == 0 && written.output.isEmpty, "\(written.errors)")
        #expect(try text(name, in: folder) == (name.contains("json") ? json : csv).output)
      }
    }
  }

  @Test("an error behind the first rows leaves no file and no table", arguments: [false, true])
  func lateErrors(isOld: Bool) async throws {
    let run = try await SharedRuns.table.value.path
    try await TemporaryFolder.use { folder in
      let input = Samples.table(rows: 5000) + "x,1,red,narrow\n"
      if isOld { try "old".write(toFile: folder + "/o.csv", atomically: true, encoding: .utf8) }
      for name in ["o.csv", "o.npy", "sqlite:o.db?table=t"] {
        let outcome = try await infer(
          run, "--input", "-", "--output", name, "--batch-size", "64", in: folder, input: input)
        #expect(outcome.code == 65 && outcome.output.isEmpty, "\(name): \(outcome.errors)")
        #expect(
          outcome.errors == "gpuml: standard input:5002: column 'width': 'x' is not a number\n")
      }
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder) == (isOld ? ["o.csv"] : []))
      if isOld { #expect(try text("o.csv", in: folder) == "old") }
      // Standard output has the rows before.
      let printed = try await infer(
        run, "--input", "-", "--batch-size", "64", in: folder, input: input)
      #expect(printed.code == 65 && printed.lines.count > 1 && printed.lines.count < 5001)
      // An error among the first rows leaves it empty.
      let early = try await infer(
        run, "--input", "-", in: folder, input: Samples.table(rows: 300) + "x,1,red,narrow\n")
      #expect(early.code == 65 && early.output.isEmpty)
    }
  }

  @Test("bad addresses and missing databases have their exit codes")
  func codes() async throws {
    let run = try await SharedRuns.table.value.path
    try await TemporaryFolder.use { folder in
      try database(3, at: folder + "/b.db")
      #expect(mkfifo(folder + "/pipe.db", 0o600) == 0)
      for (source, code) in [
        ("sqlite:no.db?table=t", 66), ("sqlite:b.db", 64), ("sqlite:b.db?table=t&query=x", 64),
        ("sqlite:b.db?table=t", 65), ("sqlite:b.db?query=SELEC", 65),
        ("sqlite:pipe.db?table=t", 65), ("sqlite:.?table=t", 65),
      ] as [(String, Int32)] {
        for command in [
          ["data", "inspect"], ["train", "--data"], ["infer", "-q", "--model", run, "--input"],
        ] {
          let outcome = try await CommandLineTool.run(command + [source], in: folder)
          #expect(outcome.code == code, "\(command) \(source): \(outcome.errors)")
          #expect(outcome.errorLines.count == 1 && outcome.output.isEmpty)
        }
      }
      for (destination, code) in [
        ("sqlite:o.db", 64), ("sqlite:o.db?query=SELECT 1", 64), ("sqlite:pipe.db?table=t", 73),
        ("sqlite:no/o.db?table=t", 73), ("sqlite:.?table=t", 73),
      ] as [(String, Int32)] {
        let outcome = try await infer(
          run, "--input", "sqlite:b.db?table=boxes", "--output", destination, in: folder)
        #expect(outcome.code == code, "\(destination): \(outcome.errors)")
        #expect(outcome.errorLines.count == 1 && outcome.output.isEmpty)
      }
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["b.db", "pipe.db"])
    }
  }

  @Test("a signal leaves no file behind")
  func signals() async throws {
    let run = try await SharedRuns.table.value.path
    try await TemporaryFolder.use { folder in
      let pipe = folder + "/in"
      #expect(mkfifo(pipe, 0o600) == 0)
      // Open both ways, so that nobody waits and no end comes.
      let writer = open(pipe, O_RDWR)
      defer { close(writer) }
      let text = Array(Samples.table(rows: 400).utf8)
      #expect(write(writer, text, text.count) == text.count)
      let process = Process()
      process.executableURL = URL(fileURLWithPath: CommandLineTool.path)
      process.arguments = [
        "infer", "-q", "--model", run, "--input", "-", "--batch-size", "8", "--output", "o.csv",
      ]
      process.currentDirectoryURL = URL(fileURLWithPath: folder)
      process.standardInput = FileHandle(fileDescriptor: writer)
      let manager = FileManager.default
      try process.run()
      while try manager.contentsOfDirectory(atPath: folder).count < 2 {
        try await Task.sleep(for: .milliseconds(20))
      }
      process.interrupt()
      process.waitUntilExit()
      #expect(process.terminationStatus == 130)
      #expect(try manager.contentsOfDirectory(atPath: folder) == ["in"])
    }
  }
}
