import GPUMLYAML

extension SettingValue {
  /// What a configuration says about one setting.
  ///
  /// - Parameter key: The setting, for messages.
  /// - Throws: `YAMLDocument.Failure` for lists and maps within lists and maps.
  init(_ node: YAMLNode, of key: String) throws(YAMLDocument.Failure) {
    func scalar(_ node: YAMLNode, _ kind: String) throws(YAMLDocument.Failure) -> String {
      switch node.content {
      case .scalar(let text): return text
      case .null: return "null"
      case .list, .map:
        throw YAMLDocument.Failure(line: node.line, reason: "\(key): \(kind) is too deep")
      }
    }
    switch node.content {
    case .null: self = .null
    case .scalar(let text): self = .text(text)
    case .list(let items):
      var texts: [String] = []
      for item in items { texts.append(try scalar(item, "a list in a list")) }
      self = .list(texts)
    case .map(let pairs):
      var values: [String: String] = [:]
      for pair in pairs { values[pair.key] = try scalar(pair.value, "a value") }
      self = .map(values)
    }
  }
}

extension TrainingError {
  /// A failure of the file's text in this module's words.
  init(_ failure: YAMLDocument.Failure, path: String) {
    self = .invalidFile(path: path, line: failure.line, reason: failure.reason)
  }
}
