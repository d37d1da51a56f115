/// What the text of one cell is.
enum CellValue: Equatable {
  /// A finite number; `isInteger` if it is written as a whole number that fits in 64 bits.
  case number(Double, isInteger: Bool)
  /// `true` or `false`.
  case bool(Bool)
  /// Empty, or one of the words for a missing value.
  case missing
  /// Written as a number, but beyond the range of a double.
  case outOfRange
  /// Anything else.
  case text
}

/// Reads numbers from bytes, independent of any locale.
///
/// Most numbers take the exact fast path of Clinger 1990 ("How to read floating point numbers
/// accurately"): up to 53 bits of mantissa and a power of ten up to 22 are both exact doubles, so
/// that one rounding gives the correct result. The others go through the standard library.
enum NumberText {
  /// Classifies `bytes[start..<end]`, spaces and tabs around it left out.
  static func classify(_ bytes: [UInt8], from start: Int, to end: Int) -> CellValue {
    var first = start
    var last = end
    while first < last, isBlank(bytes[first]) { first += 1 }
    while first < last, isBlank(bytes[last - 1]) { last -= 1 }
    if first == last { return .missing }
    if let value = number(bytes, first, last) { return value }
    return word(bytes, first, last)
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  /// Nil if the grammar `[+-] digits [. digits] [e [+-] digits]` does not fit.
  private static func number(_ bytes: [UInt8], _ first: Int, _ end: Int) -> CellValue? {
    var index = first
    var negative = false
    if bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
      negative = bytes[index] == UInt8(ascii: "-")
      index += 1
    }
    let digitsStart = index
    var mantissa: UInt64 = 0
    while index < end {
      let digit = bytes[index] &- UInt8(ascii: "0")
      if digit > 9 { break }
      mantissa = mantissa &* 10 &+ UInt64(digit)
      index += 1
    }
    var digits = index - digitsStart
    var exponent = 0
    var isInteger = true
    if index < end, bytes[index] == UInt8(ascii: ".") {
      isInteger = false
      index += 1
      let fractionStart = index
      while index < end {
        let digit = bytes[index] &- UInt8(ascii: "0")
        if digit > 9 { break }
        mantissa = mantissa &* 10 &+ UInt64(digit)
        index += 1
      }
      exponent = fractionStart - index
      digits += index - fractionStart
    }
    guard digits > 0 else { return nil }
    // 19 digits always fit in 64 bits; of more, leading zeros or not, the library decides.
    let exact = digits <= 19
    if index < end {
      guard bytes[index] | 0x20 == UInt8(ascii: "e"),
        let power = Self.exponent(bytes, index + 1, end)
      else { return nil }
      isInteger = false
      exponent += power
    }
    if exact, mantissa <= 1 << 53, exponent >= -22, exponent <= 22 {
      let power = powersOfTen[abs(exponent)]
      let magnitude = exponent < 0 ? Double(mantissa) / power : Double(mantissa) * power
      return .number(negative ? -magnitude : magnitude, isInteger: isInteger)
    }
    return slowNumber(bytes, first, end, mayBeInteger: isInteger)
  }

  /// The digits of an exponent, clamped to where every double is 0 or infinite.
  private static func exponent(_ bytes: [UInt8], _ first: Int, _ end: Int) -> Int? {
    var index = first
    var negative = false
    if index < end, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
      negative = bytes[index] == UInt8(ascii: "-")
      index += 1
    }
    guard index < end else { return nil }
    var value = 0
    while index < end {
      let digit = bytes[index] &- UInt8(ascii: "0")
      if digit > 9 { return nil }
      value = min(value * 10 + Int(digit), 100_000)
      index += 1
    }
    return negative ? -value : value
  }

  private static func slowNumber(
    _ bytes: [UInt8], _ first: Int, _ end: Int, mayBeInteger: Bool
  ) -> CellValue {
    let text = String(decoding: bytes[first..<end], as: UTF8.self)
    let isInteger = mayBeInteger && Int64(text) != nil
    guard let value = Double(text) else { return .text }
    return value.isFinite ? .number(value, isInteger: isInteger) : .outOfRange
  }

  private static func word(_ bytes: [UInt8], _ first: Int, _ end: Int) -> CellValue {
    guard end - first <= 9, mayBeWord(bytes[first]) else { return .text }
    let text = String(decoding: bytes[first..<end], as: UTF8.self)
    if missingWords.contains(text) { return .missing }
    switch text {
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    default: break
    }
    switch text.lowercased() {
    case "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity": return .outOfRange
    default: return .text
    }
  }

  /// Whether any word below begins so: most texts are told by their first letter.
  private static func mayBeWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "N"), UInt8(ascii: "n"), UInt8(ascii: "#"), UInt8(ascii: "<"),
      UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "T"), UInt8(ascii: "t"),
      UInt8(ascii: "F"), UInt8(ascii: "f"), UInt8(ascii: "I"), UInt8(ascii: "i"):
      true
    default: false
    }
  }

  private static let missingWords: Set<String> = [
    "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "-nan", "<NA>", "NULL", "null", "None",
  ]

  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]
}
