#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension RunFacts {
  /// The content of `report.json`.
  ///
  /// - Throws: `EncodingError` if a number is not finite.
  public func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }

  /// Reads the content of `report.json`.
  ///
  /// - Parameter file: The file, for errors.
  /// - Throws: `ReportError.malformed`.
  init(json: String, file: String) throws(ReportError) {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    do {
      self = try decoder.decode(RunFacts.self, from: Data(json.utf8))
    } catch {
      throw .malformed(file: file, line: nil, reason: "is not what a training writes")
    }
    guard schema == RunFacts.currentSchema else {
      throw .malformed(file: file, line: nil, reason: "its schema \(schema) is not known")
    }
    if let reason = contradiction {
      throw .malformed(file: file, line: nil, reason: reason)
    }
  }

  /// What does not fit together; nil if all does.
  private var contradiction: String? {
    if let classes = outcome?.classes {
      let size = classes.names.count + (classes.pooled > 0 ? 1 : 0)
      guard classes.counts.count == size, classes.counts.allSatisfy({ $0.count == size }),
        size <= ClassFacts.mostClasses + 1
      else { return "its confusion matrix is not \(size) by \(size)" }
      guard classes.counts.allSatisfy({ $0.allSatisfy { (0...(1 << 48)).contains($0) } }) else {
        return "its confusion matrix has a count that is out of range"
      }
    }
    if let bins = outcome?.numbers?.bins, !bins.allSatisfy({ (0...(1 << 48)).contains($0) }) {
      return "its residuals have a count that is out of range"
    }
    return nil
  }
}
