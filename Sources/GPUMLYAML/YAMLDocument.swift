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
  private static let mostBytes = 1 << 20
  /// Lists and maps in each other are not deeper.
  private static let mostLevels = 16

  /// The value of a document; of an empty one `null`.
  package static func parse(_ text: String) throws(Failure) -> YAMLNode {
    guard text.utf8.count <= mostBytes else {
      throw Failure(line: nil, reason: "more than \(mostBytes) bytes are no configuration")
    }
    if let line = lineOfAlias(in: text) {
      // A few lines of them can stand for more than there is memory.
      throw Failure(
        line: line,
        reason: "anchors and aliases are not allowed; a text with & or * goes in quotes")
    }
    let root: Node?
    do {
      root = try Yams.compose(yaml: text)
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
        content: node.null != nil ? .null : .scalar(scalar.string), line: line)
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
        guard seen.insert(scalar.string).inserted else {
          throw Failure(line: line, reason: "'\(scalar.string)' is given twice")
        }
        pairs.append(
          YAMLNode.Pair(
            key: scalar.string, line: line, value: try self.node(value, level: level + 1)))
      }
      return YAMLNode(content: .map(pairs), line: line)
    case .alias: throw Failure(line: line, reason: "an alias is not allowed")
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
