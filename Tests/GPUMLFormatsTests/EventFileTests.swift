import Foundation
import Testing

@testable import GPUMLFormats

@Suite("TensorBoard's event files") struct EventFileTests {
  @Test("the checksum is Castagnoli's, masked as TFRecord masks it")
  func checksum() {
    #expect(CRC32C.checksum(Array("123456789".utf8)) == 0xE306_9283)
    #expect(CRC32C.masked(Array("123456789".utf8)) == 0xC78A_B0E5)
    #expect(CRC32C.checksum([]) == 0)
  }

  @Test("a message is laid out as its fields say")
  func message() {
    let event = EventFile.event([("a", 1.5)], step: 300, at: 2)
    #expect(
      event == [
        0x09, 0, 0, 0, 0, 0, 0, 0, 0x40,  // wall_time 2.0
        0x10, 0xAC, 0x02,  // step 300
        0x2A, 10, 0x0A, 8, 0x0A, 1, 0x61, 0x15, 0, 0, 0xC0, 0x3F,  // value: tag "a", 1.5
      ])
  }

  @Test("the start of a session takes back what was told of its step and later ones")
  func start() {
    #expect(
      EventFile.start(step: 3, at: 2) == [
        0x09, 0, 0, 0, 0, 0, 0, 0, 0x40,  // wall_time 2.0
        0x10, 3,  // step 3
        0x3A, 2, 0x08, 1,  // session_log: status START
      ])
  }

  @Test("records follow each other, each with its length and checksums")
  func records() throws {
    let folder = try TemporaryFolder()
    let file = try EventFile(in: folder.path)
    try file.add([("train/loss", 0.5), ("val/loss", .nan)], step: 1)
    try file.add([("train/loss", 0.25)], step: 2)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(names.count == 1 && names[0].hasPrefix(EventFile.namePrefix))
    var rest = try [UInt8](Data(contentsOf: URL(filePath: folder.path + "/" + names[0])))[...]
    var messages: [[UInt8]] = []
    func number(_ bytes: some Sequence<UInt8>) -> Int {
      bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    while !rest.isEmpty {
      let length = Array(rest.prefix(8))
      let data = Array(rest.dropFirst(12).prefix(number(length)))
      #expect(number(rest.dropFirst(8).prefix(4)) == Int(CRC32C.masked(length)))
      #expect(number(rest.dropFirst(12 + data.count).prefix(4)) == Int(CRC32C.masked(data)))
      messages.append(data)
      rest = rest.dropFirst(16 + data.count)
    }
    #expect(messages.count == 3)
    #expect(String(decoding: messages[0], as: UTF8.self).hasSuffix("brain.Event:2"))
    #expect(String(decoding: messages[1], as: UTF8.self).contains("val/loss"))
  }

  @Test("a folder that is not there is told")
  func missingFolder() {
    #expect(throws: FormatError.self) { try EventFile(in: "/nonexistent/folder") }
  }
}
