import Foundation

/// A folder that is there while a test runs.
enum TemporaryFolder {
  static func use<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    let path = NSTemporaryDirectory() + "gpuml-command-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
  }
}
