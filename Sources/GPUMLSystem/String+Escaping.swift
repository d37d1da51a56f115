extension String {
  /// The text on one line: control characters and line separators become `\n`, `\t` or `\u{…}`, so
  /// that no file name or cell can forge a log line or move a terminal's cursor.
  package func escapingControlCharacters() -> String {
    guard unicodeScalars.contains(where: String.isUnprintable) else { return self }
    var result = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where String.isUnprintable(scalar):
        result += "\\u{" + String(scalar.value, radix: 16) + "}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The beginning of the text, escaped, for quoting a cell or a name in an error.
  package func excerpt(limit: Int = 40) -> String {
    let head = unicodeScalars.prefix(limit)
    let text = String(head).escapingControlCharacters()
    return head.endIndex == unicodeScalars.endIndex ? text : text + "…"
  }

  private static func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: true
    default: false
    }
  }
}
