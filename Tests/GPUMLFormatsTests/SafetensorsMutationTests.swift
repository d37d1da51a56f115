import Testing

@testable import GPUMLFormats

/// SplitMix64 (Steele et al. 2014): small and the same everywhere.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

@Suite struct SafetensorsMutationTests {
  /// Bytes that mean something to a JSON parser come up more often than others.
  static let telling = Array("{}[]\",:\\0129-.eEu \n".utf8) + [0x00, 0xFF, 0x80, 0xED, 0xF4]

  static func mutate(_ bytes: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let index = Int.random(in: 0..<bytes.count, using: &random)
      let byte = telling.randomElement(using: &random) ?? 0
      switch Int.random(in: 0..<6, using: &random) {
      case 0: bytes[index] = byte
      case 1: bytes[index] = UInt8.random(in: 0 ... .max, using: &random)
      case 2: bytes.insert(byte, at: index)
      case 3: bytes.remove(at: index)
      case 4: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      default: bytes.removeLast(min(bytes.count - 1, 1 + index / 8))
      }
    }
    return bytes
  }

  @Test("1000 mutations of a file are read or refused", arguments: [1, 20_251_121] as [UInt64])
  func mutations(seed: UInt64) throws {
    let folder = try TemporaryFolder()
    try ModelFileTests.sample().save(to: folder.file("m"))
    let good = try contents(of: folder.file("m"))
    var random = SplitMix64(state: seed)
    var counts = (read: 0, refused: 0)
    for _ in 0..<500 {
      let path = try folder.write(Self.mutate(good, &random))
      do {
        let file = try SafetensorsFile(path: path)
        for entry in file.entries { _ = try file.tensor(named: entry.name) }
        _ = try ModelFile.load(from: path)
        counts.read += 1
      } catch {
        #expect(!error.description.contains("\n"))
        counts.refused += 1
      }
    }
    #expect(counts.refused > 400, "\(counts)")
  }

  @Test("1000 mutations of a header whose framing is right are read or refused")
  func headers() throws {
    let texts = [
      "{\"__metadata__\":{\"k\":\"v\\u00e9\"},\"a\":\(HostileFile.entry()),"
        + "\"b\":\(HostileFile.entry("U8", "[2,3]", "[8,14]"))}",
      "{\"a\":\(HostileFile.entry("F32", "[]", "[0,4]"))}",
    ]
    var random = SplitMix64(state: 7)
    var counts = (read: 0, refused: 0)
    for index in 0..<1000 {
      let bytes = Self.mutate(Array(texts[index % 2].utf8), &random)
      do throws(StrictJSON.Failure) {
        _ = try SafetensorsHeader(bytes, bufferByteCount: index % 2 == 0 ? 14 : 4)
        counts.read += 1
      } catch {
        #expect(error.offset <= bytes.count)
        counts.refused += 1
      }
    }
    #expect(counts.read > 0 && counts.refused > 500, "\(counts)")
  }
}
