/// How the parts of a model that are not weights lie in the metadata of its file.
enum ModelMetadata {
  typealias Pair = (key: String, value: String)

  /// A part that is not what it should be.
  struct Invalid: Error {
    let reason: String
  }

  private static let prefix = "gpuml."
  private static let version = prefix + "version"
  private static let graph = prefix + "graph"
  private static let preprocessing = prefix + "preprocessing"
  private static let labels = prefix + "labels"
  private static let task = prefix + "task"
  private static let architecture = prefix + "architecture"
  private static let summary = prefix + "summary"

  static func encode(_ model: ModelFile) throws(Invalid) -> [Pair] {
    var pairs: [Pair] = [
      (version, String(ModelFile.currentVersion)), (graph, model.graph),
      (task, model.task.rawValue),
    ]
    try checkJSON(model.graph, graph)
    for (key, text) in [
      (preprocessing, model.preprocessing), (architecture, model.architecture),
      (summary, model.summary),
    ] {
      guard let text else { continue }
      try checkJSON(text, key)
      pairs.append((key, text))
    }
    if let names = model.labels {
      let text = try json(labels) { () throws(StrictJSON.Failure) in
        try StrictJSON.Value.array(names.map(StrictJSON.Value.string)).serialized()
      }
      _ = try decodeLabels(text)
      pairs.append((labels, text))
    }
    for (key, value) in model.extra {
      if key.hasPrefix(prefix) {
        throw Invalid(reason: "the key \(Excerpt.quoted(key)) is reserved")
      }
      pairs.append((key, value))
    }
    return pairs
  }

  /// The model without its weights.
  static func decode(_ metadata: [String: String], path: String) throws(FormatError) -> ModelFile {
    try checkVersion(metadata, path)
    guard let graphText = metadata[graph] else {
      throw .malformed(file: path, reason: "has no \(graph)")
    }
    guard let taskText = metadata[task], let taskValue = ModelFile.Task(rawValue: taskText) else {
      let found = metadata[task].map(Excerpt.quoted) ?? "missing"
      throw .malformed(file: path, reason: "\(task) is \(found), not classify or regress")
    }
    do {
      try checkJSON(graphText, graph)
      for key in [preprocessing, architecture, summary] {
        if let text = metadata[key] { try checkJSON(text, key) }
      }
      var names: [String]?
      if let text = metadata[labels] { names = try decodeLabels(text) }
      return ModelFile(
        graph: graphText, task: taskValue, weights: [], preprocessing: metadata[preprocessing],
        labels: names, architecture: metadata[architecture], summary: metadata[summary],
        extra: metadata.filter { !$0.key.hasPrefix(prefix) })
    } catch {
      throw .malformed(file: path, reason: error.reason)
    }
  }

  private static func checkVersion(
    _ metadata: [String: String], _ path: String
  ) throws(FormatError) {
    guard let text = metadata[version] else {
      throw .unsupported(
        file: path, reason: "has weights but no graph: it is not a model that gpuml saved")
    }
    guard text.utf8.count <= 9, let number = Int(text), number >= 1, String(number) == text else {
      throw .malformed(file: path, reason: "\(version) is \(Excerpt.quoted(text))")
    }
    if number > ModelFile.currentVersion {
      throw .unsupported(
        file: path,
        reason: "is a model of version \(number), newer than version "
          + "\(ModelFile.currentVersion), which this gpuml reads")
    }
  }

  /// The classes' names: an array of at least one string, no two alike.
  private static func decodeLabels(_ text: String) throws(Invalid) -> [String] {
    let value = try json(labels) { () throws(StrictJSON.Failure) in try StrictJSON.parse(text) }
    var names: [String] = []
    for element in value.elements ?? [] {
      guard let name = element.text else {
        throw Invalid(reason: "\(labels) holds something other than strings")
      }
      names.append(name)
    }
    guard !names.isEmpty else { throw Invalid(reason: "\(labels) is not an array of names") }
    guard Set(names).count == names.count else {
      throw Invalid(reason: "\(labels) names a class twice")
    }
    return names
  }

  /// The graph and the preprocessing are objects; the summary may be any value.
  private static func checkJSON(_ text: String, _ key: String) throws(Invalid) {
    let value = try json(key) { () throws(StrictJSON.Failure) in try StrictJSON.parse(text) }
    if key != summary, value.members == nil { throw Invalid(reason: "\(key) is not a JSON object") }
  }

  private static func json<Result>(
    _ key: String, _ body: () throws(StrictJSON.Failure) -> Result
  ) throws(Invalid) -> Result {
    do {
      return try body()
    } catch {
      throw Invalid(reason: "\(key): \(error)")
    }
  }
}
