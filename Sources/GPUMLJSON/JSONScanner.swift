import GPUMLSystem

/// Walks through a JSON text one token at a time, so that a reader can refuse what it does not
/// want before it takes memory.
///
/// Strings are in `JSONScanner+Strings.swift`, numbers in `JSONScanner+Numbers.swift`.
package struct JSONScanner {
  /// What the next value is, by its first byte.
  package enum Kind {
    case objectStart, arrayStart, string, number, literal
  }

  /// A key and its place.
  package struct Key {
    package let text: String
    package let offset: Int

    /// Told of a key that is there twice.
    package var duplicate: StrictJSON.Failure {
      StrictJSON.Failure(offset: offset, reason: "duplicate key '\(text.excerpt(limit: 80))'")
    }
  }

  package let bytes: [UInt8]
  /// The place of the next byte.
  package var position = 0

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The next byte; 0, which is never legal outside a string, at the end.
  package var next: UInt8 { position < bytes.count ? bytes[position] : 0 }

  package func failure(_ reason: String, at offset: Int? = nil) -> StrictJSON.Failure {
    StrictJSON.Failure(offset: offset ?? position, reason: reason)
  }

  /// A failure that says what was wanted and what is there.
  package func unexpected(_ wanted: String) -> StrictJSON.Failure {
    if position >= bytes.count { return failure("the text ends where \(wanted) is expected") }
    if position == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      return failure("byte order mark")
    }
    return failure("expected \(wanted)")
  }

  package mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return
      }
    }
  }

  package mutating func expect(_ byte: UInt8, _ wanted: String) throws(StrictJSON.Failure) {
    guard next == byte else { throw unexpected(wanted) }
    position += 1
  }

  package mutating func peek() throws(StrictJSON.Failure) -> Kind {
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return .objectStart
    case UInt8(ascii: "["): return .arrayStart
    case UInt8(ascii: "\""): return .string
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
    case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"): return .literal
    default: throw unexpected("a value")
    }
  }

  package mutating func beginObject() throws(StrictJSON.Failure) {
    skipSpace()
    try expect(UInt8(ascii: "{"), "an object")
  }

  package mutating func beginArray() throws(StrictJSON.Failure) {
    skipSpace()
    try expect(UInt8(ascii: "["), "an array")
  }

  /// The next member's key, with its colon behind it; nil at the object's end, which is passed.
  package mutating func nextKey(
    isFirst: Bool, maximumByteCount: Int = .max
  ) throws(StrictJSON.Failure) -> Key? {
    skipSpace()
    if next == UInt8(ascii: "}") {
      position += 1
      return nil
    }
    if !isFirst {
      try expect(UInt8(ascii: ","), "',' or '}'")
      skipSpace()
    }
    let offset = position
    guard next == UInt8(ascii: "\"") else { throw unexpected("a key") }
    let text = try string(maximumByteCount: maximumByteCount)
    skipSpace()
    try expect(UInt8(ascii: ":"), "':'")
    return Key(text: text, offset: offset)
  }

  /// Whether an element follows; at the array's end, which is passed, it is false.
  package mutating func hasNextElement(isFirst: Bool) throws(StrictJSON.Failure) -> Bool {
    skipSpace()
    if next == UInt8(ascii: "]") {
      position += 1
      return false
    }
    if !isFirst { try expect(UInt8(ascii: ","), "',' or ']'") }
    return true
  }

  package mutating func literal() throws(StrictJSON.Failure) -> StrictJSON.Value {
    skipSpace()
    for (name, value) in [("true", .bool(true)), ("false", .bool(false)), ("null", .null)]
      as [(String, StrictJSON.Value)] where bytes[position...].starts(with: name.utf8)
    {
      position += name.utf8.count
      return value
    }
    throw unexpected("a value")
  }

  /// Checks that only white space is left.
  package mutating func finish() throws(StrictJSON.Failure) {
    skipSpace()
    if position < bytes.count { throw failure("unexpected bytes after the value") }
  }
}
