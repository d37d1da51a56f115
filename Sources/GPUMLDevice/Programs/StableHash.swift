/// FNV-1a with 128 bits: the same on every machine and in every run.
///
/// It tells apart texts and finds damage; it is no protection against someone who forges a file.
/// - SeeAlso: Fowler, Noll, Vo; RFC 9923.
struct StableHash {
  private(set) var value: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d
  private static let prime: UInt128 = 0x0000_0000_0100_0000_0000_0000_0000_013B

  mutating func combine(_ bytes: UnsafeRawBufferPointer) {
    var value = value
    for byte in bytes { value = (value ^ UInt128(byte)) &* StableHash.prime }
    self.value = value
  }

  /// Adds a text and its length, so that neighbouring texts cannot run together.
  mutating func combine(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { combine($0) }
      combine(UnsafeRawBufferPointer(bytes))
    }
  }

  static func of(_ texts: [String]) -> UInt128 {
    var hash = StableHash()
    for text in texts { hash.combine(text) }
    return hash.value
  }

  static func of(_ bytes: ArraySlice<UInt8>) -> UInt128 {
    var hash = StableHash()
    bytes.withUnsafeBytes { hash.combine($0) }
    return hash.value
  }
}
