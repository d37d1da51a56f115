/// Makes text from a file fit into a message of one line.
enum Excerpt {
  private static let maximumLength = 80

  /// The text in quotes, cut if it is long, its control characters escaped.
  static func quoted(_ text: String) -> String {
    let isLong = text.unicodeScalars.dropFirst(maximumLength).first != nil
    let head = String(String.UnicodeScalarView(text.unicodeScalars.prefix(maximumLength)))
    return "'" + escaped(head) + (isLong ? "…'" : "'")
  }

  /// The text with everything escaped that would break the line or hide what is written: control
  /// and formatting characters and line separators.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default:
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator:
          result += "\\u{" + String(scalar.value, radix: 16) + "}"
        default: result.unicodeScalars.append(scalar)
        }
      }
    }
    return result
  }
}
