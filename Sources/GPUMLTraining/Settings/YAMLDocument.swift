import Yams

/// Reads configurations.
enum YAMLDocument {
  struct Entry {
    let key: String
    let value: SettingValue
    /// Counted from 1.
    let line: Int
  }

  /// More bytes than any configuration has.
  private static let mostBytes = 1 << 20

  /// The keys and values of a document.
  ///
  /// - Throws: `TrainingError.invalidFile`.
  static func entries(_ text: String, path: String) throws -> [Entry] {
    func fail(_ line: Int?, _ reason: String) -> TrainingError {
      .invalidFile(path: path, line: line, reason: reason)
    }
    guard text.utf8.count <= mostBytes else {
      throw fail(nil, "more than \(mostBytes) bytes are no configuration")
    }
    if let line = lineOfAlias(in: text) {
      // A few lines of them can stand for more than there is memory.
      throw fail(line, "anchors and aliases are not allowed; a text with & or * goes in quotes")
    }
    let root: Node?
    do {
      root = try Yams.compose(yaml: text)
    } catch let error as YamlError {
      throw fail(line(of: error), reason(of: error))
    }
    guard let root else { return [] }
    guard case .mapping(let mapping) = root else {
      if root.string?.isEmpty == true || root.null != nil { return [] }
      throw fail(root.mark?.line, "it is no list of keys and values")
    }
    var seen: Set<String> = []
    return try mapping.map { key, value in
      guard case .scalar(let scalar) = key else {
        throw fail(key.mark?.line, "a key is not a word")
      }
      let line = key.mark?.line ?? 1
      guard seen.insert(scalar.string).inserted else {
        throw fail(line, "'\(scalar.string)' is given twice")
      }
      return Entry(
        key: scalar.string, value: try self.value(value, scalar.string, fail), line: line)
    }
  }

  /// The line of the first word outside quotes and comments that begins with `&` or `*`.
  private static func lineOfAlias(in text: String) -> Int? {
    var (line, quote, previous) = (1, UInt8(0), UInt8(ascii: " "))
    var isComment = false
    let bytes = Array(text.utf8)
    for (place, byte) in bytes.enumerated() {
      let isStart = " \n\t\r[{,:-?!\"'".utf8.contains(previous)
      previous = byte
      switch byte {
      case UInt8(ascii: "\n"):
        line += 1
        isComment = false
      case _ where isComment: break
      case _ where quote != 0:
        let isEscaped = quote == UInt8(ascii: "\"") && bytes[place - 1] == UInt8(ascii: "\\")
        if byte == quote, !isEscaped { quote = 0 }
      case UInt8(ascii: "#") where isStart: isComment = true
      case UInt8(ascii: "\""), UInt8(ascii: "'"): if isStart { quote = byte }
      case UInt8(ascii: "&"), UInt8(ascii: "*"):
        let next = place + 1 < bytes.count ? bytes[place + 1] : UInt8(ascii: " ")
        if isStart, !" \n\t\r".utf8.contains(next) { return line }
      default: break
      }
    }
    return nil
  }

  private static func value(
    _ node: Node, _ key: String, _ fail: (Int?, String) -> TrainingError
  ) throws -> SettingValue {
    func scalar(_ node: Node, _ kind: String) throws -> String {
      guard case .scalar(let scalar) = node else {
        throw fail(node.mark?.line, "\(key): \(kind) is too deep")
      }
      return scalar.string
    }
    switch node {
    case .scalar(let scalar):
      return node.null != nil ? .null : .text(scalar.string)
    case .sequence(let items): return .list(try items.map { try scalar($0, "a list in a list") })
    case .mapping(let pairs):
      var values: [String: String] = [:]
      for (name, value) in pairs {
        values[try scalar(name, "a name")] = try scalar(value, "a value")
      }
      return .map(values)
    case .alias: throw fail(node.mark?.line, "\(key): an alias is not allowed")
    }
  }

  private static func line(of error: YamlError) -> Int? {
    switch error {
    case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _):
      mark.line
    case .duplicatedKeysInMapping(_, let context): context.mark.line
    default: nil
    }
  }

  private static func reason(of error: YamlError) -> String {
    switch error {
    case .scanner(_, let problem, _, _), .parser(_, let problem, _, _),
      .composer(_, let problem, _, _):
      problem
    case .duplicatedKeysInMapping: "a key is given twice"
    default: "it is not YAML"
    }
  }
}
