extension JSONScanner {
  /// Reads a string with its quotes; one that takes more bytes than allowed is refused before it
  /// is copied.
  package mutating func string(maximumByteCount: Int = .max) throws(StrictJSON.Failure) -> String {
    skipSpace()
    try expect(UInt8(ascii: "\""), "a string")
    let start = position
    while position < bytes.count {
      if position - start > maximumByteCount { throw failure("string too long", at: start) }
      switch bytes[position] {
      case UInt8(ascii: "\""):
        let text = try decode(bytes[start..<position], from: start)
        position += 1
        return text
      case UInt8(ascii: "\\"):
        return try escapedString(from: start, maximumByteCount: maximumByteCount)
      case 0..<0x20: throw failure("control character in a string")
      default: position += 1
      }
    }
    throw unexpected("the end of a string")
  }

  private func decode(
    _ slice: ArraySlice<UInt8>, from offset: Int
  ) throws(StrictJSON.Failure) -> String {
    guard let text = String(validating: slice, as: UTF8.self) else {
      throw failure("invalid UTF-8 in the string", at: offset)
    }
    return text
  }

  /// Continues at the first backslash of a string that began at `start`.
  private mutating func escapedString(
    from start: Int, maximumByteCount: Int
  ) throws(StrictJSON.Failure) -> String {
    var unescaped = Array(bytes[start..<position])
    while position < bytes.count {
      if unescaped.count > maximumByteCount { throw failure("string too long", at: start) }
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        let text = try decode(unescaped[...], from: start)
        position += 1
        return text
      case UInt8(ascii: "\\"):
        let scalar = try escape()
        unescaped.append(contentsOf: Unicode.UTF8.encode(scalar) ?? .init())
      case 0..<0x20: throw failure("control character in a string")
      default:
        unescaped.append(byte)
        position += 1
      }
    }
    throw unexpected("the end of a string")
  }

  /// Reads one escape sequence; a pair of surrogates counts as one.
  private mutating func escape() throws(StrictJSON.Failure) -> Unicode.Scalar {
    let start = position
    position += 1
    let letter = next
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): break
    default: throw failure("unknown escape sequence", at: start)
    }
    let first = try hexadecimal()
    if let scalar = Unicode.Scalar(first) { return scalar }
    // What is left are surrogates: a high one wants a low one behind it.
    guard first < 0xDC00, next == UInt8(ascii: "\\") else {
      throw failure("lone surrogate", at: start)
    }
    position += 1
    guard next == UInt8(ascii: "u") else { throw failure("lone surrogate", at: start) }
    position += 1
    let second = try hexadecimal()
    guard second >= 0xDC00, second < 0xE000,
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw failure("lone surrogate", at: start) }
    return scalar
  }

  private mutating func hexadecimal() throws(StrictJSON.Failure) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      let digit: UInt8
      switch next {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = next - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = next - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = next - UInt8(ascii: "A") + 10
      default: throw unexpected("four hexadecimal digits")
      }
      value = value << 4 + UInt32(digit)
      position += 1
    }
    return value
  }
}
