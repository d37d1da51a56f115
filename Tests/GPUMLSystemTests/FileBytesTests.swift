import Glibc
import TestSupport
import Testing

@testable import GPUMLSystem

@Suite("FileBytes")
struct FileBytesTests {
  @Test("a file's bytes come back whole", arguments: [0, 1, 65_535, 65_536, 65_537, 300_000])
  func roundTrip(size: Int) throws {
    let folder = try TemporaryFolder()
    let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let path = try folder.file("a", bytes)
    #expect(try FileBytes.read(path) == bytes)
    #expect(try FileBytes.kind(of: path) == .file(size: size))
  }

  @Test("a missing file is missing, with exit code 66")
  func missing() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/none"
    let error = #expect(throws: SystemError.missing(path: path)) { try FileBytes.read(path) }
    #expect(error?.exitCode == 66)
    #expect(try FileBytes.kind(of: path) == nil)
    #expect(try FileBytes.kind(of: "/etc/passwd/x") == nil)
  }

  @Test("a folder, a pipe and a device are refused without waiting")
  func notFiles() throws {
    let folder = try TemporaryFolder()
    let pipe = folder.reserve("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    for (path, kind) in [
      (folder.path, "a folder"), (pipe, "a pipe"), ("/dev/zero", "a device"),
    ] {
      let error = #expect(throws: SystemError.self) { try FileBytes.read(path) }
      #expect(error == .notAFile(path: path, kind: kind))
      #expect(error?.exitCode == 65)
    }
  }

  @Test("the size limit holds for known and unknown sizes")
  func limit() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("a", [1, 2, 3])
    #expect(try FileBytes.read(path, limit: 3) == [1, 2, 3])
    #expect(throws: SystemError.tooLarge(path: path, limit: 2)) {
      try FileBytes.read(path, limit: 2)
    }
    // Files of procfs say they are empty.
    #expect(try FileBytes.read("/proc/self/stat").count > 10)
    #expect(throws: SystemError.tooLarge(path: "/proc/self/stat", limit: 5)) {
      try FileBytes.read("/proc/self/stat", limit: 5)
    }
  }

  @Test("a sparse file larger than the memory is refused")
  func sparse() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("a", [])
    #expect(truncate(path, 1 << 42) == 0)
    let error = #expect(throws: SystemError.self) { try FileBytes.read(path) }
    if case .tooLarge = error {} else { Issue.record("\(String(describing: error))") }
  }

  @Test("a name with a NUL is not cut short")
  func nulInName() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("a", [1])
    let error = #expect(throws: SystemError.self) { try FileBytes.read(path + "\0.csv") }
    #expect(error?.description.contains("\\u{0}") == true)
  }

  @Test("errors are one line")
  func oneLine() {
    let error = SystemError.missing(path: "a\nb\u{1B}[2J")
    #expect(error.description == "a\\nb\\u{1b}[2J: no such file or folder")
    #expect("abc".excerpt(limit: 2) == "ab…")
    #expect("é日本".escapingControlCharacters() == "é日本")
  }
}
