import GPUMLNN
import GPUMLSystem

/// What a setting is given, wherever it comes from.
package enum SettingValue: Sendable, Hashable {
  /// The default.
  case null
  /// A word or a number.
  case text(String)
  /// Several words.
  case list([String])
  /// Numbers with names.
  case map([String: String])

  /// The value as text, for messages.
  package var description: String {
    switch self {
    case .null: "null"
    case .text(let text): text
    case .list(let items): items.joined(separator: ",")
    case .map(let pairs):
      "{"
        + pairs.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
        + "}"
    }
  }
}

extension SettingValue {
  func wrong(_ key: String, _ wanted: String) -> TrainingError {
    .invalidConfiguration(key: key, reason: "'\(description.excerpt(limit: 80))' is not \(wanted)")
  }

  /// The text; nil for the default.
  func text(_ key: String, _ wanted: String = "a text") throws -> String? {
    switch self {
    case .null: nil
    case .text(let text): text
    case .list, .map: throw wrong(key, wanted)
    }
  }

  func integer(_ key: String) throws -> Int? {
    let wanted = "a whole number"
    return try text(key, wanted).map { text in
      guard let number = Int(text) else { throw wrong(key, wanted) }
      return number
    }
  }

  func number(_ key: String) throws -> Double? {
    let wanted = "a number"
    return try text(key, wanted).map { text in
      guard let number = Double(text) else { throw wrong(key, wanted) }
      return number
    }
  }

  func truth(_ key: String) throws -> Bool? {
    let wanted = "true or false"
    return try text(key, wanted).map { text in
      guard let truth = Bool(text) else { throw wrong(key, wanted) }
      return truth
    }
  }

  func names(_ key: String) throws -> [String]? {
    switch self {
    case .null: nil
    case .list(let names): names
    case .text(let text):
      text.isEmpty
        ? [] : text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    case .map: throw wrong(key, "a list of names")
    }
  }

  /// One of some words; the nearest is suggested.
  func choice<Value>(_ key: String, among names: [String], _ find: (String) -> Value?) throws
    -> Value?
  {
    let wanted = "one of \(names.joined(separator: ", "))"
    return try text(key, wanted).map { text in
      if let value = find(text) { return value }
      let nearest = NearestName.hint(text, among: names)
      throw TrainingError.invalidConfiguration(
        key: key, reason: "'\(text.excerpt(limit: 80))' is not \(wanted)\(nearest)")
    }
  }
}
