/// A value of the YAML subset that run folders are written in.
package indirect enum YAML: Sendable, Equatable {
  /// Absent.
  case null
  /// A truth value.
  case bool(Bool)
  /// A whole number.
  case int(Int)
  /// A real number, in the shortest form that reads back the same.
  case double(Double)
  /// A text, in quotes where it could be taken for something else.
  case string(String)
  /// Scalars in a row.
  case list([YAML])
  /// Keys and values in order.
  case map([(key: String, value: YAML)])

  /// Whether both are the same, in the same order.
  package static func == (left: YAML, right: YAML) -> Bool { left.text == right.text }

  /// The document; it ends with a line break unless it is a scalar.
  package var text: String {
    if case .map(let pairs) = self {
      return pairs.isEmpty ? "{}\n" : YAML.lines(pairs, indent: "").joined()
    }
    return inline
  }

  private static func lines(_ pairs: [(key: String, value: YAML)], indent: String) -> [String] {
    pairs.map { key, value in
      if case .map(let inner) = value, !inner.isEmpty {
        return "\(indent)\(quoted(key)):\n" + lines(inner, indent: indent + "  ").joined()
      }
      return "\(indent)\(quoted(key)): \(value.inline)\n"
    }
  }

  private var inline: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .int(let value): String(value)
    case .double(let value): YAML.number(value)
    case .string(let value): YAML.quoted(value)
    case .list(let values): "[" + values.map(\.inline).joined(separator: ", ") + "]"
    case .map(let pairs):
      "{" + pairs.map { "\(YAML.quoted($0)): \($1.inline)" }.joined(separator: ", ") + "}"
    }
  }

  private static func number(_ value: Double) -> String {
    if value.isNaN { return ".nan" }
    return value.isFinite ? "\(value)" : value > 0 ? ".inf" : "-.inf"
  }

  private static let words: Set = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]

  /// The text as it is if nothing in it means anything to YAML, else in double quotes.
  private static func quoted(_ text: String) -> String {
    let isPlain =
      text.first.map { $0.isASCII && ($0.isLetter || $0 == "/" || $0 == "_") } ?? false
      && !words.contains(text.lowercased())
      && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_-./".contains($0)) }
    if isPlain { return text }
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case _ where scalar.properties.generalCategory == .control:
        let digits = String(scalar.value, radix: 16)
        result += "\\x" + String(repeating: "0", count: max(0, 2 - digits.count)) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
