/// Where one cell's text lies in its record's bytes, in eight bytes: records may be wide.
package struct TableCell: BitwiseCopyable, Sendable {
  /// Start from bit 28, length in bits 1 to 27, bit 0 if doubled quotes stand inside.
  private let bits: UInt64

  init(start: Int, length: Int, hasDoubledQuotes: Bool = false) {
    bits =
      UInt64(truncatingIfNeeded: start) << 28 | UInt64(truncatingIfNeeded: length) << 1
      | (hasDoubledQuotes ? 1 : 0)
  }

  var start: Int { Int(bits >> 28) }
  var length: Int { Int(bits >> 1 & 0x7FF_FFFF) }
  var end: Int { start + length }
  var hasDoubledQuotes: Bool { bits & 1 == 1 }

  /// What the cell says.
  func value(in bytes: [UInt8]) -> CellValue {
    NumberText.classify(bytes, from: start, to: end)
  }

  /// The cell's text, doubled quotes made single.
  func text(in bytes: [UInt8]) -> String {
    let raw = bytes[start..<end]
    guard hasDoubledQuotes else { return String(decoding: raw, as: UTF8.self) }
    var single: [UInt8] = []
    var index = raw.startIndex
    while index < raw.endIndex {
      single.append(raw[index])
      index += raw[index] == UInt8(ascii: "\"") ? 2 : 1
    }
    return String(decoding: single, as: UTF8.self)
  }

  /// The text without spaces and tabs around it.
  func trimmedText(in bytes: [UInt8]) -> String {
    let text = text(in: bytes)
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    guard let first = text.firstIndex(where: { !isBlank($0) }),
      let last = text.lastIndex(where: { !isBlank($0) })
    else { return "" }
    return String(text[first...last])
  }
}
