import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

@Suite("Bad data files for gpuml")
struct BadDataFileTests {
  /// A file, and what the one line must say of it.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: @Sendable () throws -> [UInt8]
    let text: String
    var testDescription: String { "\(name): \(text)" }

    init(
      _ name: String, _ text: String, _ bytes: @escaping @autoclosure @Sendable () throws -> [UInt8]
    ) {
      self.name = name
      self.bytes = bytes
      self.text = text
    }
  }

  private static func csv(_ text: String) -> [UInt8] { Array(text.utf8) }

  private static func npy(_ header: String, data: Int = 0) -> [UInt8] {
    let padded = header + String(repeating: " ", count: 117 - header.utf8.count) + "\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(padded.utf8)
      + [UInt8](repeating: 0, count: data)
  }

  private static func damagedGzip() throws -> [UInt8] {
    var packed = try gzip(csv("a,b\n1,2\n3,4\n"))
    packed[packed.count - 6] ^= 1
    return packed
  }

  /// A text followed by bytes that are none.
  private static func csv(_ text: String, then bytes: UInt8...) -> [UInt8] {
    var all = csv(text)
    all += bytes
    return all
  }

  /// Bytes followed by as many of one kind.
  private static func bytes(_ start: [UInt8], then count: Int, of byte: UInt8) -> [UInt8] {
    var all = start
    all += [UInt8](repeating: byte, count: count)
    return all
  }

  private static func packed(_ bytes: [UInt8], lacking count: Int = 0) throws -> [UInt8] {
    Array(try gzip(bytes).dropLast(count))
  }

  static let tables: [Case] = [
    Case("ragged.csv", ":3: 3 columns where", csv("a,b,c,d\n1,2,3,4\n1,2,3\n")),
    Case("wide.csv", ":3: more columns", csv("a,b\n1,2\n1,2,3\n")),
    Case(
      "quote.csv", ":2: a quote that opens in column 2 is never closed", csv("a,b\n1,\"2\n3,4\n")),
    Case("after.csv", ":2: text after a closing quote in column 1", csv("a,b\n\"1\"2,3\n")),
    Case("nul.csv", ":3: a NUL byte, byte 3", csv("a,b\n1,2\n1,\0\n")),
    Case(
      "latin.csv", ":2: the text is not valid UTF-8 from byte 3 on",
      csv("a,b\n1,", then: 0xE9, 0x0A)),
    Case("cut.csv", ":2: the text is not valid UTF-8", csv("a,b\n1,", then: 0xF0, 0x9F)),
    Case("large.csv", ":3: column 'a': '1e400' is out", csv("a,b\n1,2\n1e400,3\n")),
    Case("twice.csv", ":1: two columns are called 'a'", csv("a,b,a\n1,2,3\n")),
    Case("header.csv", ": has a header but no rows", csv("a,b\n")),
    Case("empty.csv", ": is empty", csv("")),
    Case("bell.csv", ":1: two columns are called '\\u{7}'", csv("\u{7},\u{7}\n1,2\n")),
    Case("bad.jsonl", ":2: ", csv("{\"a\":1}\n{\"a\":}\n")),
    Case("nested.jsonl", ":1: 'a' is no text, number", csv("{\"a\":{\"b\":1}}\n")),
    Case("crc.csv.gz", ": bad gzip data", try damagedGzip()),
    Case("cut.csv.gz", ": the gzip data is truncated", try packed(csv("a\n1\n"), lacking: 9)),
    Case(
      "bomb.csv.gz", ": expands more than 200 times", try packed(bytes([], then: 24 << 20, of: 10))),
  ]

  static let arrays: [Case] = [
    Case("magic.npy", ": is no NPY file", csv("hello world, no array")),
    Case(
      "cut.npy", ": holds 8 bytes of data",
      npy("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", data: 8)),
    Case("short.npy", ": ends inside its NPY header", Array(npy("{}").prefix(20))),
    Case(
      "vast.npy", "overflows",
      npy("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 8), }")),
    Case(
      "object.npy", "Python objects are never read",
      npy("{'descr': '|O', 'fortran_order': False, 'shape': (3,), }")),
    Case(
      "header.npy", ": bad NPY header", npy("{'descr': '<f4', 'shape': (3,), __import__('os')}")),
    Case("magic.idx", ": is no IDX file", csv("hello world")),
    Case("type.idx", ": is no IDX file: no number type", [0, 0, 7, 1, 0, 0, 0, 0]),
    Case(
      "cut.idx", ": is 11 bytes long where its header announces",
      [0, 0, 8, 1, 0, 0, 0, 5, 1, 2, 3]),
    Case("short.idx", ": ends inside its header", [0, 0, 8, 3, 0, 0]),
    Case("vast.idx", "overflow", bytes([0, 0, 8, 3], then: 12, of: 255)),
    Case(
      "bomb.idx.gz", ": expands to more than the 28 bytes",
      try packed(bytes([0, 0, 8, 1, 0, 0, 0, 20], then: 1 << 20, of: 0))),
  ]

  @Test("tables end with 65 and one line that names file and reason", arguments: tables)
  func table(bad: Case) async throws { try await refused(bad) }

  @Test("arrays end with 65 and one line that names file and reason", arguments: arrays)
  func array(bad: Case) async throws { try await refused(bad) }

  private func refused(_ bad: Case) async throws {
    try await TemporaryFolder.use { folder in
      try Data(try bad.bytes()).write(to: URL(fileURLWithPath: "\(folder)/\(bad.name)"))
      try await expect(
        ["train", "--data", bad.name, "--epochs", "1"], in: folder, code: 65,
        "gpuml: \(bad.name)", bad.text)
    }
  }

  /// Runs a command that must fail with a line and leave the folder as it is.
  private func expect(
    _ arguments: [String], in folder: String, code: Int32, _ texts: String...
  ) async throws {
    let manager = FileManager.default
    let before = try manager.subpathsOfDirectory(atPath: folder).sorted()
    let outcome = try await CommandLineTool.run(arguments, in: folder)
    #expect(outcome.code == code, "\(outcome.errors)")
    #expect(outcome.errorLines.count == 1 && outcome.output.isEmpty, "\(outcome.errors)")
    for text in texts { #expect(outcome.errors.contains(text), "\(outcome.errors)") }
    #expect(try manager.subpathsOfDirectory(atPath: folder).sorted() == before)
  }

  @Test("what is no file is refused at once")
  func noFiles() async throws {
    try await TemporaryFolder.use { folder in
      #expect(mkfifo(folder + "/pipe.csv", 0o600) == 0)
      try FileManager.default.createDirectory(
        atPath: folder + "/x.csv", withIntermediateDirectories: true)
      try await expect(
        ["data", "inspect", "pipe.csv"], in: folder, code: 65, "gpuml: pipe.csv: is a pipe")
      try await expect(["data", "inspect", "x.csv"], in: folder, code: 65, "gpuml: x.csv: ")
      try await expect(["data", "inspect", "/dev/zero"], in: folder, code: 65, "is a device")
      try await expect(["data", "inspect", "none.csv"], in: folder, code: 66, "none.csv: no such")
    }
  }

  @Test("labels that do not fit their examples or the model are told")
  func labels() async throws {
    let run = try await SharedRuns.digits.value.path
    try await TemporaryFolder.use { folder in
      func write(_ name: String, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
      }
      try write("x.idx", [UInt8](Samples.idx(count: 3)))
      try write("few.idx", [0, 0, 8, 1, 0, 0, 0, 2, 1, 2])
      try write("high.idx", [0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 10])
      try write("text.csv", BadDataFileTests.csv("a,b,kind\n1,2,x\n"))
      let arguments = ["eval", "--model", run, "--data", "x.idx", "--labels"]
      try await expect(
        arguments + ["few.idx"], in: folder, code: 65, "few.idx: holds 2 labels where")
      try await expect(
        arguments + ["high.idx"], in: folder, code: 65, "high.idx: label 10.0 of example 2")
      try await expect(
        ["train", "--data", "text.csv", "--target", "knd"], in: folder, code: 65,
        "text.csv: no column 'knd'; there are a, b, kind")
      let table = try await SharedRuns.table.value.path
      try await expect(
        ["infer", "--model", table, "--input", "text.csv"], in: folder, code: 65,
        "text.csv: lacks 3 columns that the model takes: 'width', 'height', 'colour'")
    }
  }
}
