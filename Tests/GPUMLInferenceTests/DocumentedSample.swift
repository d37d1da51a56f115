import Foundation
import Testing

/// Code in a document that must be the code that a test runs.
enum DocumentedSample {
  /// The folder of the package.
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Compares the block behind `<!-- sample: NAME -->` in a document with what stands between
  /// `// sample: NAME` and `// end` in a test's source.
  ///
  /// - Parameter replacements: What is called otherwise in the test, such as a file's place.
  static func check(
    _ name: String, in document: String, source: String, replacements: [(String, String)]
  ) throws {
    let text = try String(
      contentsOf: root.appendingPathComponent(document), encoding: .utf8)
    let source = try String(contentsOfFile: source, encoding: .utf8)
    let block = try #require(
      text.components(separatedBy: "<!-- sample: \(name) -->\n```swift\n").dropFirst().first?
        .components(separatedBy: "\n```").first)
    let lines = block.components(separatedBy: "\n")
    #expect(lines.count < 30)
    #expect(lines.prefix(2) == ["import GPUML", ""])
    let code = try #require(
      source.components(separatedBy: "    // sample: \(name)\n").dropFirst().first?
        .components(separatedBy: "\n    // end").first)
    let unindented = code.components(separatedBy: "\n").map {
      $0.hasPrefix("    ") ? String($0.dropFirst(4)) : $0
    }
    let expected = lines.dropFirst(2).map { line in
      replacements.reduce(line) { $0.replacing($1.0, with: $1.1) }
    }
    #expect(unindented == Array(expected))
  }
}
