import Foundation

/// A folder of its own for one test, removed at the end with what is in it.
package final class TemporaryFolder {
  /// Where it is.
  package let path: String

  /// Makes the folder.
  package init() throws {
    path = NSTemporaryDirectory() + "gpuml-test-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and gives its path.
  package func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    let path = reserve(name)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }

  /// The path of a file that the test makes.
  package func reserve(_ name: String) -> String { path + "/" + name }

  /// Gives a folder that is there while the body runs.
  package static func use<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    return try await body(folder.path)
  }
}
