import GPUML

/// Where predictions are to go, and in which form.
enum PredictionDestination {
  /// A text on standard output.
  case standardOutput
  /// A file whose form its name tells.
  case file(String)
  /// A table of a database.
  case database(SQLiteAddress)

  /// - Throws: `DataError.badAddress`.
  init(_ text: String?) throws {
    guard let text, text != "-" else {
      self = .standardOutput
      return
    }
    self =
      SQLiteAddress.isAddress(text) ? .database(try SQLiteAddress(parsing: text)) : .file(text)
  }

  /// Checks that predictions do not take the place of what they are made from.
  ///
  /// - Throws: `CommandError.invalidFlag`.
  func check(against sources: [String]) throws(CommandError) {
    guard case .file(let path) = self else { return }
    let place = RunFolder.resolved(path)
    if let source = sources.first(where: { RunFolder.resolved($0) == place }) {
      throw .invalidFlag(
        name: "output", reason: "\(path) would take the place of \(source), which is read")
    }
  }

  /// Whether an array is written: `.npy`.
  var isArray: Bool { hasEnding(".npy") }

  /// Whether a text is written: CSV or JSON Lines.
  var isText: Bool { if case .database = self { false } else { !isArray } }

  /// What stands between a text's cells: a tab in `.tsv` and `.tab`.
  var separator: String { hasEnding(".tsv") || hasEnding(".tab") ? "\t" : "," }

  /// Whether the name tells JSON Lines: `.jsonl` or `.ndjson`.
  var isJSONLines: Bool { hasEnding(".jsonl") || hasEnding(".ndjson") }

  private func hasEnding(_ ending: String) -> Bool {
    if case .file(let path) = self { path.lowercased().hasSuffix(ending) } else { false }
  }
}
