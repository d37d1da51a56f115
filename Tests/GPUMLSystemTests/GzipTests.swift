import TestSupport
import Testing

@testable import GPUMLSystem

@Suite("Gzip")
struct GzipTests {
  @Test("what zlib compressed comes back", arguments: [0, 1, 1000, 200_000, 1_000_000])
  func roundTrip(size: Int) throws {
    let bytes = (0..<size).map { UInt8(truncatingIfNeeded: ($0 &* $0) >> 7) }
    let packed = try gzip(bytes)
    #expect(Gzip.isCompressed(packed))
    #expect(try Gzip.inflate(packed, name: "x", limit: size) == bytes)
    #expect(try Gzip.prefix(packed, name: "x", count: 10) == Array(bytes.prefix(10)))
  }

  @Test("members are joined and zero padding is taken")
  func members() throws {
    let packed = try gzip([1, 2]) + gzip([]) + gzip([3]) + [0, 0, 0]
    #expect(try Gzip.inflate(packed, name: "x", limit: 3) == [1, 2, 3])
  }

  @Test("every truncation is an error")
  func truncation() throws {
    let packed = try gzip(Array(0..<200))
    for length in 0..<packed.count {
      #expect(throws: SystemError.self) {
        try Gzip.inflate(Array(packed[..<length]), name: "x", limit: 1000)
      }
    }
  }

  @Test("a bad check sum, a bad length and garbage are errors")
  func damage() throws {
    let packed = try gzip(Array(0..<200))
    for place in [packed.count - 1, packed.count - 5] {
      var damaged = packed
      damaged[place] ^= 1
      #expect(throws: SystemError.self) {
        try Gzip.inflate(damaged, name: "x", limit: 1000)
      }
    }
    let garbage = SystemError.corrupt(
      path: "x", reason: "1 bytes follow the end of the gzip data")
    #expect(throws: garbage) { try Gzip.inflate(packed + [7], name: "x", limit: 1000) }
    #expect(throws: SystemError.self) {
      try Gzip.inflate(packed + [0x1f, 0x8b, 9, 9], name: "x", limit: 1000)
    }
  }

  @Test("a bomb is stopped at the limit or by its ratio")
  func bomb() throws {
    let packed = try gzip([UInt8](repeating: 0, count: 40_000_000))
    #expect(packed.count < 50_000)
    #expect(throws: SystemError.tooLarge(path: "x", limit: 1000)) {
      try Gzip.inflate(packed, name: "x", limit: 1000)
    }
    let error = #expect(throws: SystemError.self) {
      try Gzip.inflate(packed, name: "x", limit: 1 << 40, maximumRatio: 200)
    }
    #expect(error?.reason == "expands more than 200 times: refused")
    #expect(try Gzip.inflate(packed, name: "x", limit: 40_000_000).count == 40_000_000)
  }

  @Test("a reader gives the same in pieces, whatever pieces it is given", arguments: [1, 7, 5000])
  func pieces(size: Int) throws {
    let bytes = (0..<30_000).map { UInt8(truncatingIfNeeded: ($0 &* $0) >> 7) }
    let packed = try gzip(bytes) + gzip([]) + gzip([1, 2, 3]) + [0, 0]
    var position = 0
    let reader = GzipReader(name: "x") {
      defer { position = min(position + size, packed.count) }
      return Array(packed[position..<min(position + size, packed.count)])
    }
    var output: [UInt8] = []
    while true {
      let piece = try reader.read(999)
      if piece.isEmpty { break }
      #expect(piece.count == 999 || output.count + piece.count == 30_003)
      output += piece
    }
    #expect(output == bytes + [1, 2, 3])
  }

  @Test("a reader tells of damage when it comes there")
  func damagedPieces() throws {
    let bytes = (0..<30_000).map { UInt8(truncatingIfNeeded: ($0 &* $0) >> 7) }
    let packed = try gzip(bytes)
    let reader = GzipReader(Array(packed.dropLast(3)), name: "x")
    #expect(try reader.read(20_000) == Array(bytes[..<20_000]))
    #expect(throws: SystemError.corrupt(path: "x", reason: "the gzip data is truncated")) {
      try reader.read(20_000)
    }
    let bomb = try GzipReader(
      gzip([UInt8](repeating: 0, count: 40_000_000)), name: "x", maximumRatio: 200)
    #expect(throws: SystemError.self) { while try !bomb.read(1 << 16).isEmpty {} }
  }
}
