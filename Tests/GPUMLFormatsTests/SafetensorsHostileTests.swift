import Foundation
import Testing

@testable import GPUMLFormats

@Suite struct SafetensorsHostileTests {
  @Test(
    "a bad file is refused in one line that names it and the reason", arguments: HostileFile.all)
  func refused(hostile: HostileFile) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(hostile.bytes)
    let error = #expect(throws: FormatError.self) { try SafetensorsFile(path: path) }
    guard case .malformed(let file, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    let line = error?.description ?? ""
    #expect(file == path)
    #expect(line.hasPrefix(path + ": ") && line.contains(hostile.reason), "\(line)")
    #expect(!line.unicodeScalars.contains { $0.value < 0x20 } && line.utf8.count < 1000)
    #expect(error?.exitCode == 65)
  }

  @Test("every truncation of a good file is refused")
  func truncated() throws {
    let folder = try TemporaryFolder()
    let good = HostileFile.file(Array("{\"a\":\(HostileFile.entry())}".utf8), data: 8)
    #expect(throws: Never.self) { try SafetensorsFile(path: folder.write(good)) }
    for count in 0..<good.count {
      let path = try folder.write(Array(good[..<count]))
      #expect(throws: FormatError.self, "\(count) bytes") { try SafetensorsFile(path: path) }
    }
  }

  @Test("what is not a file is refused without waiting for it")
  func notAFile() throws {
    let folder = try TemporaryFolder()
    let pipe = folder.file("pipe")
    try #require(mkfifo(pipe, 0o600) == 0)
    for path in [pipe, folder.path, "/dev/zero"] {
      let error = #expect(throws: FormatError.self) { try SafetensorsFile(path: path) }
      #expect(error?.exitCode == 65, "\(String(describing: error))")
    }
    let error = #expect(throws: FormatError.self) { try SafetensorsFile(path: folder.file("no")) }
    #expect(error == .missing(file: folder.file("no")))
    #expect(error?.exitCode == 66)
  }

  @Test("more text, tensors or metadata than the limits is refused")
  func limits() throws {
    let limits = SafetensorsHeader.Limits(tensorCount: 2, metadataCount: 2, textByteCount: 30)
    let entry = HostileFile.entry("U8", "[0]", "[0,0]")
    func check(_ names: [String], _ metadata: [String], _ reason: String?) {
      let notes = metadata.map { "\"\($0)\":\"\($0)\"" }.joined(separator: ",")
      let tensors = names.map { ",\"\($0)\":\(entry)" }.joined()
      let header = Array("{\"__metadata__\":{\(notes)}\(tensors)}".utf8)
      var found: String?
      do throws(StrictJSON.Failure) {
        _ = try SafetensorsHeader(header, bufferByteCount: 0, limits: limits)
      } catch {
        found = error.reason
      }
      #expect(found == reason, "\(names) \(metadata)")
    }
    check(["a", "b"], ["c", "d"], nil)
    check(["a", "b", "c"], [], "too many tensors")
    check([], ["a", "b", "c"], "too much metadata")
    check(["0123456789abcd", "xyz"], [], nil)
    check(["0123456789abcd", "wxyz0"], [], "string too long")
    check([], ["0123456789"], "string too long")
    check([String(repeating: "\\n", count: 31)], [], "string too long")
  }
}
