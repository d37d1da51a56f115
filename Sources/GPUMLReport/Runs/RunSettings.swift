/// A run's settings, as `args.yaml` holds them.
public struct RunSettings: Sendable, Equatable {
  /// A setting and its value.
  public struct Setting: Sendable, Equatable {
    /// The key; of a map within the map, both keys with a point between.
    public let key: String
    /// The value as it is written, a plain text without its quotes.
    public let value: String
  }

  /// All settings in their order.
  public let all: [Setting]

  /// Reads the text of `args.yaml`: keys and values, a map of such indented below its key.
  ///
  /// - Parameter file: The file, for errors.
  /// - Throws: `ReportError.malformed` for a line that is no key with its value, or a key twice.
  init(_ text: String, file: String) throws(ReportError) {
    var settings: [Setting] = []
    var keys: Set<String> = []
    var parent: String?
    for (place, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let content = line.drop { $0 == " " }
      if content.isEmpty || content.hasPrefix("#") { continue }
      guard let (name, value) = RunSettings.parts(content) else {
        throw .malformed(file: file, line: place + 1, reason: "is no 'key: value'")
      }
      let isNested = line.first == " "
      if !isNested { parent = value.isEmpty ? name : nil }
      if !isNested && value.isEmpty { continue }
      guard let key = isNested ? parent.map({ "\($0).\(name)" }) : name else {
        throw .malformed(file: file, line: place + 1, reason: "is indented below no key")
      }
      guard keys.insert(key).inserted else {
        throw .malformed(file: file, line: place + 1, reason: "'\(key.cut)' is there twice")
      }
      settings.append(Setting(key: key, value: value))
    }
    guard !settings.isEmpty else {
      throw .malformed(file: file, line: nil, reason: "holds no settings")
    }
    all = settings
  }

  /// The value of a key; nil if there is none.
  public subscript(key: String) -> String? { all.first { $0.key == key }?.value }

  /// A line's key and value.
  private static func parts(_ line: Substring) -> (key: String, value: String)? {
    var rest = line
    let key: String
    if rest.first == "\"" {
      guard let text = quoted(&rest) else { return nil }
      key = text
    } else {
      guard let colon = rest.firstIndex(of: ":") else { return nil }
      key = String(rest[..<colon])
      rest = rest[colon...]
    }
    guard !key.isEmpty, rest.first == ":" else { return nil }
    rest = rest.dropFirst()
    guard rest.isEmpty || rest.first == " " else { return nil }
    rest = rest.drop { $0 == " " }
    guard rest.first == "\"" else { return (key, String(rest)) }
    guard let text = quoted(&rest), rest.isEmpty else { return nil }
    // An empty text is no map to come.
    return (key, text.isEmpty ? "\"\"" : text)
  }

  /// Takes a text in double quotes off the front; nil if it does not end.
  private static func quoted(_ rest: inout Substring) -> String? {
    rest = rest.dropFirst()
    var text = ""
    while let character = rest.popFirst() {
      if character == "\"" { return text }
      if character != "\\" {
        text.append(character)
        continue
      }
      switch rest.popFirst() {
      case "n"?: text.append("\n")
      case "t"?: text.append("\t")
      case "r"?: text.append("\r")
      case "x"?:
        guard let code = UInt8(rest.prefix(2), radix: 16) else { return nil }
        rest = rest.dropFirst(2)
        text.unicodeScalars.append(Unicode.Scalar(code))
      case let other?: text.append(other)
      case nil: return nil
      }
    }
    return nil
  }
}
