import GPUMLSystem
import Yams

/// A value of a YAML document and where it stands.
package struct YAMLNode: Sendable {
  /// A key of a map and its value.
  package struct Pair: Sendable {
    package let key: String
    /// The key's, counted from 1.
    package let line: Int
    package let value: YAMLNode
  }

  /// What a value can be.
  package enum Content: Sendable {
    case null
    /// A word, a number or a text.
    case scalar(String)
    case list([YAMLNode])
    case map([Pair])
  }

  package let content: Content
  /// Counted from 1.
  package let line: Int
}

/// Reads configurations.
package enum YAMLDocument {
  /// Why a text is no configuration.
  package struct Failure: Error, Equatable {
    /// Counted from 1; nil if it is the whole text.
    package let line: Int?
    package let reason: String

    /// Names a place and what is wrong there.
    package init(line: Int?, reason: String) {
      self.line = line
      self.reason = reason
    }
  }

  /// More bytes than any configuration has.
  package static let mostBytes = 1 << 18
  /// Lists and maps in each other are not deeper.
  private static let mostLevels = 16

  /// The value of a document; of an empty one `null`.
  package static func parse(_ text: String) throws(Failure) -> YAMLNode {
    guard text.utf8.count <= mostBytes else {
      throw Failure(line: nil, reason: "more than \(mostBytes) bytes are no configuration")
    }
    let root: Node?
    do {
      root = try Yams.compose(yaml: AliasSigns.hidden(text))
    } catch {
      guard let error = error as? YamlError else { throw Failure(line: nil, reason: "\(error)") }
      throw Failure(line: line(of: error), reason: reason(of: error))
    }
    guard let root else { return YAMLNode(content: .null, line: 1) }
    return try node(root, level: 1)
  }

  /// The keys and values of a document; of an empty one none.
  package static func pairs(_ text: String) throws(Failure) -> [YAMLNode.Pair] {
    let root = try parse(text)
    switch root.content {
    case .map(let pairs): return pairs
    case .null, .scalar(""): return []
    case .scalar, .list: throw Failure(line: root.line, reason: "it is no list of keys and values")
    }
  }

  private static func node(_ node: Node, level: Int) throws(Failure) -> YAMLNode {
    let line = node.mark?.line ?? 1
    guard level <= mostLevels else {
      throw Failure(line: line, reason: "more than \(mostLevels) lists and maps in each other")
    }
    switch node {
    case .scalar(let scalar):
      return YAMLNode(
        content: node.null != nil ? .null : .scalar(try word(scalar)), line: line)
    case .sequence(let items):
      var list: [YAMLNode] = []
      for item in items { list.append(try self.node(item, level: level + 1)) }
      return YAMLNode(content: .list(list), line: line)
    case .mapping(let mapping):
      var pairs: [YAMLNode.Pair] = []
      var seen: Set<String> = []
      for (key, value) in mapping {
        let line = key.mark?.line ?? line
        guard case .scalar(let scalar) = key else {
          throw Failure(line: line, reason: "a key is not a word")
        }
        let name = try word(scalar)
        guard seen.insert(name).inserted else {
          throw Failure(line: line, reason: "'\(name.excerpt())' is given twice")
        }
        pairs.append(
          YAMLNode.Pair(
            key: name, line: line, value: try self.node(value, level: level + 1)))
      }
      return YAMLNode(content: .map(pairs), line: line)
    case .alias: throw Failure(line: line, reason: "an alias is not allowed")
    }
  }

  private static func word(_ scalar: Node.Scalar) throws(Failure) -> String {
    if scalar.style == .plain, AliasSigns.begin(scalar.string) {
      throw Failure(
        line: scalar.mark?.line,
        reason:
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
