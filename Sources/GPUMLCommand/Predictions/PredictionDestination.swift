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

  /// Whether an array is written: `.npy`.
  var isArray: Bool { hasEnding(".npy") }

  /// Whether a text is written: CSV or JSON Lines.
  var isText: Bool { if case .database = self { false } else { !isArray } }

  /// Whether the name tells JSON Lines: `.jsonl` or `.ndjson`.
  var isJSONLines: Bool { hasEnding(".jsonl") || hasEnding(".ndjson") }

  private func hasEnding(_ ending: String) -> Bool {
    if case .file(let path) = self { path.lowercased().hasSuffix(ending) } else { false }
  }
}
