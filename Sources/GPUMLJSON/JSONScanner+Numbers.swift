extension JSONScanner {
  /// More digits than this carry nothing that a double could keep.
  private static let maximumNumberLength = 1024

  /// Reads a number.
  ///
  /// Without a fraction and an exponent it is an integer, and must fit `Int64` or `UInt64`;
  /// `-0` is a double, which alone has that value.
  package mutating func number() throws(StrictJSON.Failure) -> StrictJSON.Value {
    skipSpace()
    let start = position
    let isNegative = next == UInt8(ascii: "-")
    if isNegative { position += 1 }
    let digitsStart = position
    try digits()
    if bytes[digitsStart] == UInt8(ascii: "0"), position - digitsStart > 1 {
      throw failure("leading zero", at: start)
    }
    let hasFraction = try fraction()
    let hasExponent = try exponent()
    guard position - start <= Self.maximumNumberLength else {
      throw failure("number too long", at: start)
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if !hasFraction, !hasExponent, text != "-0" {
      if let value = Int64(text) { return .integer(value) }
      if let value = UInt64(text) { return .unsigned(value) }
      throw failure("integer out of range", at: start)
    }
    guard let value = Double(text), value.isFinite else {
      throw failure("number out of range", at: start)
    }
    return .double(value)
  }

  /// Reads an integer of at least 0 that fits `Int`.
  package mutating func count(_ field: String) throws(StrictJSON.Failure) -> Int {
    let kind = try peek()
    let start = position
    guard kind == .number, case .integer(let value) = try number(), let count = Int(exactly: value),
      count >= 0
    else { throw failure("\(field) wants integers of at least 0", at: start) }
    return count
  }

  private mutating func digits() throws(StrictJSON.Failure) {
    let start = position
    while next >= UInt8(ascii: "0"), next <= UInt8(ascii: "9") { position += 1 }
    if position == start { throw unexpected("a digit") }
  }

  private mutating func fraction() throws(StrictJSON.Failure) -> Bool {
    guard next == UInt8(ascii: ".") else { return false }
    position += 1
    try digits()
    return true
  }

  private mutating func exponent() throws(StrictJSON.Failure) -> Bool {
    guard next | 0x20 == UInt8(ascii: "e") else { return false }
    position += 1
    if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
    try digits()
    return true
  }
}
