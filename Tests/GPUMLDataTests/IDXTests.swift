import GPUMLGraph
import TestSupport
import Testing

@testable import GPUMLData

@Suite("IDX")
struct IDXTests {
  /// An IDX file's bytes.
  static func bytes(_ type: UInt8, _ sizes: [UInt32], _ data: [UInt8]) -> [UInt8] {
    [0, 0, type, UInt8(sizes.count)]
      + sizes.flatMap { size in (0..<4).map { UInt8(truncatingIfNeeded: size >> (24 - 8 * $0)) } }
      + data
  }

  private func reason(_ bytes: [UInt8]) -> String {
    let error = #expect(throws: DataError.self) { try IDXFile.parse(bytes, file: "f") }
    return error?.description ?? "no error"
  }

  @Test("every number type is read")
  func types() throws {
    func read(_ type: UInt8, _ data: [UInt8]) throws -> HostTensor.Storage {
      try IDXFile.parse(Self.bytes(type, [2], data), file: "f").storage
    }
    #expect(try read(0x08, [1, 255]) == .uint8([1, 255]))
    #expect(try read(0x09, [1, 255]) == .int8([1, -1]))
    #expect(try read(0x0B, [1, 2, 255, 255]) == .int32([258, -1]))
    #expect(try read(0x0C, [0, 0, 1, 2, 255, 255, 255, 255]) == .int32([258, -1]))
    #expect(try read(0x0D, [0x3F, 0x80, 0, 0, 0xC0, 0, 0, 0]) == .float32([1, -2]))
    #expect(
      try read(0x0E, [0x3F, 0xF0, 0, 0, 0, 0, 0, 0] + [0xC0, 0, 0, 0, 0, 0, 0, 0])
        == .float32([1, -2]))
  }

  @Test("plain and gzip-compressed files give the same")
  func compressed() throws {
    let folder = try TemporaryFolder()
    let plain = Self.bytes(8, [2, 3], [1, 2, 3, 4, 5, 6])
    let tensor = try IDXFile.read(folder.file("a", plain))
    #expect(tensor.shape == [2, 3])
    #expect(tensor == (try IDXFile.read(folder.file("a.gz", gzip(plain)))))
  }

  @Test("every truncation and every extra byte is refused")
  func truncation() throws {
    let plain = Self.bytes(8, [2, 3], [1, 2, 3, 4, 5, 6])
    for length in 0..<plain.count { _ = reason(Array(plain[..<length])) }
    #expect(reason(plain + [0]) == "f: is 19 bytes long where its header announces 18")
    let packed = try gzip(plain)
    for length in 2..<packed.count { _ = reason(Array(packed[..<length])) }
    #expect(
      reason(try gzip(plain + [0]))
        == "f: expands to more than the 18 bytes its header announces")
    var damaged = packed
    damaged[packed.count - 6] ^= 0x10
    #expect(reason(damaged).contains("bad gzip data"))
  }

  @Test("bad headers are refused")
  func headers() {
    #expect(reason([1, 0, 8, 1, 0, 0, 0, 0]).contains("two zero bytes"))
    #expect(reason(Self.bytes(7, [1], [1])).contains("the code 7"))
    #expect(reason(Self.bytes(8, [], [])).contains("without axes"))
    let most = UInt32.max
    #expect(reason(Self.bytes(8, [most, most, most], [])).contains("overflow"))
    #expect(reason(Self.bytes(8, [most, most, most, 0], [])).contains("overflow"))
    #expect(reason(Self.bytes(0x0E, [1 << 31, 1 << 31], [])).contains("overflow"))
  }

  @Test("a bomb and an absurd size take no memory")
  func bomb() throws {
    let bomb = try gzip(
      Self.bytes(8, [10], [UInt8](repeating: 0, count: 30_000_000)))
    #expect(reason(bomb) == "f: expands to more than the 18 bytes its header announces")
    #expect(reason(try gzip(Self.bytes(8, [1 << 31], [1]))).contains("is 9 bytes long"))
  }
}
