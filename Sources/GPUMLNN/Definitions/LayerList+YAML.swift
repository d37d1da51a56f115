import GPUMLSystem
import GPUMLYAML

extension LayerList {
  private static let key = "layers"

  /// Reads a model file.
  ///
  /// - Throws: `NNError.invalidFile` with the line, or `SystemError` if it cannot be read.
  public init(contentsOf path: String) throws {
    try self.init(
      yaml: String(decoding: FileBytes.read(path, limit: YAMLDocument.mostBytes), as: UTF8.self),
      path: path)
  }

  /// Reads the text of a model file.
  ///
  /// - Parameter path: For messages.
  /// - Throws: `NNError.invalidFile` with the line.
  public init(yaml text: String, path: String) throws {
    do throws(YAMLDocument.Failure) {
      let pairs = try YAMLDocument.pairs(text)
      for pair in pairs where pair.key != LayerList.key {
        let hint = NearestName.hint(pair.key, among: [LayerList.key])
        throw YAMLDocument.Failure(line: pair.line, reason: "unknown key '\(pair.key)'\(hint)")
      }
      try self.init(pairs, path: path)
    } catch {
      throw NNError.invalidFile(path: path, line: error.line, reason: error.reason)
    }
  }

  /// Takes the list of layers from the keys and values of a document.
  package init(_ pairs: [YAMLNode.Pair], path: String) throws(YAMLDocument.Failure) {
    guard let pair = pairs.first(where: { $0.key == LayerList.key }) else {
      throw YAMLDocument.Failure(line: nil, reason: "it has no '\(LayerList.key)'")
    }
    guard case .list(let nodes) = pair.value.content else {
      throw YAMLDocument.Failure(line: pair.line, reason: "'\(LayerList.key)' is not a list")
    }
    guard nodes.count <= LayerList.mostLayers else {
      throw YAMLDocument.Failure(
        line: pair.line, reason: "there are more than \(LayerList.mostLayers) layers")
    }
    var layers: [LayerDefinition] = []
    for node in nodes { layers.append(try LayerList.layer(node)) }
    self.init(layers, origin: Origin(path: path, lines: nodes.map(\.line)))
  }

  /// A layer: its name, or its name with its settings.
  private static func layer(_ node: YAMLNode) throws(YAMLDocument.Failure) -> LayerDefinition {
    func failure(_ reason: String) -> YAMLDocument.Failure {
      YAMLDocument.Failure(line: node.line, reason: reason)
    }
    func scalar(_ value: YAMLNode, _ name: String) throws(YAMLDocument.Failure) -> String {
      guard case .scalar(let text) = value.content else {
        throw failure("\(name) is neither a number nor a word")
      }
      return text
    }
    switch node.content {
    case .scalar(let name):
      try check(name, failure)
      return LayerDefinition(name)
    case .map(let pairs):
      guard pairs.count == 1, let pair = pairs.first else {
        throw failure("a layer is one name with its settings, as in linear: {outputs: 64}")
      }
      let kind = try check(pair.key, failure)
      switch pair.value.content {
      case .null: return LayerDefinition(pair.key)
      case .scalar(let text):
        guard let setting = kind.settings.first else {
          throw failure("\(pair.key) has no settings")
        }
        return LayerDefinition(pair.key, [setting: text])
      case .map(let settings):
        var values: [String: String] = [:]
        for setting in settings {
          guard kind.settings.contains(setting.key) else {
            throw YAMLDocument.Failure(
              line: setting.line,
              reason: "\(pair.key) has no setting '\(setting.key)'"
                + NearestName.hint(setting.key, among: kind.settings))
          }
          values[setting.key] = try scalar(setting.value, setting.key)
        }
        return LayerDefinition(pair.key, values)
      case .list: throw failure("\(pair.key): a list is no setting")
      }
    case .null, .list: throw failure("a layer is a name, or a name with its settings")
    }
  }

  @discardableResult
  private static func check(
    _ name: String, _ failure: (String) -> YAMLDocument.Failure
  ) throws(YAMLDocument.Failure) -> LayerKind {
    guard let kind = LayerKind.all.first(where: { $0.name == name }) else {
      throw failure(
        "there is no layer '\(name)'" + NearestName.hint(name, among: LayerDefinition.names))
    }
    return kind
  }

  /// The layers as a model file.
  package var yaml: String {
    "\(LayerList.key):\n" + layers.map { "  - \($0.text)\n" }.joined()
  }

  /// The layers as a JSON array, which the same reader takes.
  package var json: String { "[" + layers.map(\.json).joined(separator: ",") + "]" }
}

extension LayerDefinition {
  /// In a line of a model file.
  fileprivate var text: String {
    if settings.isEmpty { return name }
    let pairs = settings.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
    return "\(name): {" + pairs.joined(separator: ", ") + "}"
  }

  /// Settings of layers that were built are numbers and truth values.
  fileprivate var json: String {
    if settings.isEmpty { return "\"\(name)\"" }
    let pairs = settings.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }
    return "{\"\(name)\":{" + pairs.joined(separator: ",") + "}}"
  }
}
