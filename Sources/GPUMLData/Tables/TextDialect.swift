import GPUMLSystem

/// How the cells of a table's text are told apart.
package enum TextDialect: Sendable, Equatable {
  /// By a byte between them, with quotes where a cell needs them.
  case delimited(UInt8)
  /// By JSON: an object a line.
  case jsonLines

  /// Tells by the name, then by the first line.
  ///
  /// A name that ends in `.jsonl` or `.ndjson`, or a first line that begins with `{"` or is `{}`, is JSON Lines;
  /// `.tsv` and `.tab` have tabs. Else commas, tabs, semicolons or bars are told apart by which of
  /// them, in this order, the first line has outside quotes.
  init(of start: [UInt8], file: String) {
    var name = Substring(file.lowercased())
    if name.hasSuffix(".gz") { name = name.dropLast(3) }
    let text = start.starts(with: [0xEF, 0xBB, 0xBF]) ? start[3...] : start[...]
    let isNamedText = [".csv", ".tsv", ".tab"].contains { name.hasSuffix($0) }
    if name.hasSuffix(".jsonl") || name.hasSuffix(".ndjson")
      || (!isNamedText && TextDialect.beginsObject(text))
    {
      self = .jsonLines
      return
    }
    let tab = UInt8(ascii: "\t")
    if name.hasSuffix(".tsv") || name.hasSuffix(".tab") {
      self = .delimited(tab)
      return
    }
    let candidates = [UInt8(ascii: ","), tab, UInt8(ascii: ";"), UInt8(ascii: "|")]
    let found = TextDialect.unquoted(text)
    self = .delimited(candidates.first { found.contains($0) } ?? candidates[0])
  }

  private static func beginsObject(_ text: ArraySlice<UInt8>) -> Bool {
    let visible = text.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
    guard visible.first == UInt8(ascii: "{") else { return false }
    let next = visible.dropFirst().first { $0 != 0x20 && $0 != 0x09 }
    return next == UInt8(ascii: "\"") || next == UInt8(ascii: "}")
  }

  /// The different bytes of the first line that stand outside quotes.
  private static func unquoted(_ text: ArraySlice<UInt8>) -> Set<UInt8> {
    var isQuoted = false
    var found: Set<UInt8> = []
    for byte in text.drop(while: { $0 == 0x0A || $0 == 0x0D }) {
      if byte == UInt8(ascii: "\"") {
        isQuoted.toggle()
      } else if !isQuoted {
        if byte == 0x0A { break }
        found.insert(byte)
      }
    }
    return found
  }
}
