import GPUMLSystem

extension StrictJSON.Value {
  /// The value as compact JSON: members in their order, the shortest digits that read back the
  /// same. Equal values give equal texts.
  ///
  /// - Throws: `StrictJSON.Failure` if a number is not finite, an object has a key twice, or the
  ///   nesting is deeper than `StrictJSON.parse` allows; the offset is into the text so far.
  package func serialized() throws(StrictJSON.Failure) -> String {
    var text = ""
    try append(to: &text, depth: StrictJSON.Limits().depth)
    return text
  }

  private func append(to text: inout String, depth: Int) throws(StrictJSON.Failure) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .unsigned(let value): text += String(value)
    case .double(let value):
      guard value.isFinite else {
        throw StrictJSON.Failure(
          offset: text.utf8.count, reason: "JSON has no number for \(value)")
      }
      text += value.description
    case .string(let value): StrictJSON.appendQuoted(value, to: &text)
    case .array(let values):
      try Self.checkDepth(depth, text)
      text += "["
      for (index, value) in values.enumerated() {
        if index > 0 { text += "," }
        try value.append(to: &text, depth: depth - 1)
      }
      text += "]"
    case .object(let members):
      try Self.checkDepth(depth, text)
      var keys: Set<String> = []
      text += "{"
      for (index, member) in members.enumerated() {
        if !keys.insert(member.key).inserted {
          throw StrictJSON.Failure(
            offset: text.utf8.count, reason: "duplicate key '\(member.key.excerpt(limit: 80))'")
        }
        if index > 0 { text += "," }
        StrictJSON.appendQuoted(member.key, to: &text)
        text += ":"
        try member.value.append(to: &text, depth: depth - 1)
      }
      text += "}"
    }
  }

  private static func checkDepth(_ depth: Int, _ text: String) throws(StrictJSON.Failure) {
    if depth == 0 {
      throw StrictJSON.Failure(offset: text.utf8.count, reason: "nested too deeply")
    }
  }
}

extension StrictJSON {
  /// Appends a string with its quotes, escaping only what JSON demands.
  package static func appendQuoted(_ value: String, to text: inout String) {
    text += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{0}"..<" ":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
