#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Graph {
  /// The graph's forward part as JSON; the same graph and names always give the same text.
  ///
  /// - Parameter names: A name of its own for each variable that the outputs read.
  /// - Throws: `GraphError.invalidValue` if a variable has no name or two share one.
  package func encodedJSON(names: [Variable: String]) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(saved(names: names)), as: UTF8.self)
  }

  /// Restores a graph and its variables from JSON.
  ///
  /// - Throws: `GraphError.malformed`, or the error of a shape rule, if anything does not fit.
  package static func decodeJSON(_ text: String) throws -> (Graph, [NamedVariable]) {
    // A newer version may have another structure, so it is looked at first.
    struct Header: Decodable { let version: Int }
    let data = Data(text.utf8)
    let decoder = JSONDecoder()
    do {
      let header = try decoder.decode(Header.self, from: data)
      if header.version > SavedGraph.currentVersion {
        return try restored(SavedGraph(version: header.version, nodes: [], outputs: []))
      }
      return try restored(decoder.decode(SavedGraph.self, from: data))
    } catch let error as DecodingError {
      throw GraphError.malformed(reason: error.oneLine)
    }
  }
}

extension DecodingError {
  /// Where and why, in one line.
  fileprivate var oneLine: String {
    func place(_ path: [any CodingKey]) -> String {
      path.isEmpty
        ? ""
        : " at "
          + path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
    }
    return switch self {
    case .keyNotFound(let key, let context):
      "'\(key.stringValue)' is missing\(place(context.codingPath))"
    case .typeMismatch(_, let context): "a value of the wrong kind\(place(context.codingPath))"
    case .valueNotFound(_, let context): "a value is null\(place(context.codingPath))"
    case .dataCorrupted(let context):
      "it is no valid JSON or a number is out of range\(place(context.codingPath))"
    @unknown default: "it cannot be read"
    }
  }
}
