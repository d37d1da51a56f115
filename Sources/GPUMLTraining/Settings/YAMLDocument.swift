import GPUMLSystem
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
    let root: Node?
    do {
      root = try Yams.compose(yaml: AliasSigns.hidden(text))
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
      let name = try word(scalar, fail)
      let line = key.mark?.line ?? 1
      guard seen.insert(name).inserted else {
        throw fail(line, "'\(name.excerpt())' is given twice")
      }
      return Entry(key: name, value: try self.value(value, name, fail), line: line)
    }
  }

  private static func value(
    _ node: Node, _ key: String, _ fail: (Int?, String) -> TrainingError
  ) throws -> SettingValue {
    func scalar(_ node: Node, _ kind: String) throws -> String {
      guard case .scalar(let scalar) = node else {
        throw fail(node.mark?.line, "\(key): \(kind) is too deep")
      }
      return try word(scalar, fail)
    }
    switch node {
    case .scalar(let scalar):
      return node.null != nil ? .null : .text(try word(scalar, fail))
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

  private static func word(
    _ scalar: Node.Scalar, _ fail: (Int?, String) -> TrainingError
  ) throws -> String {
    if scalar.style == .plain, AliasSigns.begin(scalar.string) {
      throw fail(
        scalar.mark?.line,
        "anchors and aliases are not allowed; a text that begins with & or * goes in quotes")
    }
    return AliasSigns.shown(scalar.string)
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

/// `&` and `*`, which begin anchors and aliases, are kept from the parser: a few lines of aliases can
/// stand for more than there is memory, and where they are is known only once a text is parsed.
///
/// What stands for them meanwhile is a letter to YAML, and for private use to Unicode.
private enum AliasSigns {
  private static let signs: [(shown: Unicode.Scalar, hidden: Unicode.Scalar)] = [
    ("&", "\u{100026}"), ("*", "\u{10002A}"),
  ]

  static func hidden(_ text: String) -> String {
    replaced(text) { scalar in signs.first { $0.shown == scalar }?.hidden }
  }

  static func shown(_ text: String) -> String {
    replaced(text) { scalar in signs.first { $0.hidden == scalar }?.shown }
  }

  /// Whether a text begins with one that is hidden.
  static func begin(_ text: String) -> Bool {
    signs.contains { $0.hidden == text.unicodeScalars.first }
  }

  private static func replaced(
    _ text: String, _ other: (Unicode.Scalar) -> Unicode.Scalar?
  ) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { result.append(other(scalar) ?? scalar) }
    return String(result)
  }
}
