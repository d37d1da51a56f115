/// Whole-buffer checks of text, fast enough for files of gigabytes.
package enum TextBytes {
  /// Why bytes are not plain text.
  package enum Problem: Sendable, Equatable {
    /// A NUL byte at the offset.
    case nul(offset: Int)
    /// Bytes that are not UTF-8 (RFC 3629), from the offset on.
    case invalidUTF8(offset: Int)
  }

  /// The first NUL or ill-formed UTF-8 sequence in `bytes[start..<end]`; its offset is that in `bytes`.
  ///
  /// - Precondition: The range lies in `bytes`.
  package static func firstProblem(
    in bytes: [UInt8], from start: Int = 0, to end: Int? = nil
  ) -> Problem? {
    let end = end ?? bytes.count
    precondition(start >= 0 && start <= end && end <= bytes.count, "a range outside the text")
    // Eight bytes a step need loads without bounds checks; every offset is checked against count.
    return bytes.withUnsafeBytes { whole in
      let buffer = UnsafeRawBufferPointer(rebasing: whole[..<end])
      let count = buffer.count
      var offset = start
      while offset < count {
        if offset + 8 <= count {
          let word = buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
          let hasZero = (word &- 0x0101_0101_0101_0101) & ~word
          if (word | hasZero) & 0x8080_8080_8080_8080 == 0 {
            offset += 8
            continue
          }
        }
        let byte = buffer[offset]
        if byte == 0 { return .nul(offset: offset) }
        if byte < 0x80 {
          offset += 1
          continue
        }
        let length = sequenceLength(buffer, offset)
        if length == 0 { return .invalidUTF8(offset: offset) }
        offset += length
      }
      return nil
    }
  }

  /// The number of line feeds in `bytes[start..<end]`.
  ///
  /// - Precondition: The range lies in `bytes`.
  package static func lineFeeds(in bytes: [UInt8], from start: Int, to end: Int) -> Int {
    precondition(start >= 0 && start <= end && end <= bytes.count, "a range outside the text")
    // A plain counting loop that the compiler vectorises.
    return bytes.withUnsafeBufferPointer { buffer in
      var count = 0
      for byte in buffer[start..<end] where byte == 0x0A { count &+= 1 }
      return count
    }
  }

  /// The place of the first byte from `start` on that is one of two, or the number of bytes.
  package static func firstIndex(
    of first: UInt8, or second: UInt8, in bytes: [UInt8], from start: Int
  ) -> Int {
    let low: UInt64 = 0x0101_0101_0101_0101
    let high: UInt64 = 0x8080_8080_8080_8080
    let (firsts, seconds) = (low &* UInt64(first), low &* UInt64(second))
    // Eight bytes a step need loads without bounds checks; every offset is checked against count.
    return bytes.withUnsafeBytes { buffer in
      let count = buffer.count
      var offset = max(0, start)
      while offset + 8 <= count {
        let word = UInt64(
          littleEndian: buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        let (one, other) = (word ^ firsts, word ^ seconds)
        // The lowest marked byte is one that has become zero.
        let marks = ((one &- low) & ~one | (other &- low) & ~other) & high
        if marks != 0 { return offset + marks.trailingZeroBitCount / 8 }
        offset += 8
      }
      while offset < count {
        if buffer[offset] == first || buffer[offset] == second { return offset }
        offset += 1
      }
      return count
    }
  }

  /// The bytes of the well-formed multi-byte sequence at `offset`, or 0 (Unicode, table 3-7).
  private static func sequenceLength(_ buffer: UnsafeRawBufferPointer, _ offset: Int) -> Int {
    let first = buffer[offset]
    let length: Int
    var lowest: UInt8 = 0x80
    var highest: UInt8 = 0xBF
    switch first {
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, lowest) = (3, 0xA0)
    case 0xED: (length, highest) = (3, 0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, lowest) = (4, 0x90)
    case 0xF4: (length, highest) = (4, 0x8F)
    case 0xF1...0xF3: length = 4
    default: return 0
    }
    guard offset + length <= buffer.count else { return 0 }
    guard (lowest...highest).contains(buffer[offset + 1]) else { return 0 }
    for index in 2..<max(2, length) where buffer[offset + index] & 0xC0 != 0x80 { return 0 }
    return length
  }
}
