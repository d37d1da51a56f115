import Glibc

/// A folder of its own for one test, removed at the end.
final class TemporaryFolder {
  let path: String

  init() throws {
    var template = Array("/tmp/gpuml-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Failure.noFolder }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    for name in names { unlink("\(path)/\(name)") }
    rmdir(path)
  }

  private var names: [String] = []

  func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    let path = reserve(name)
    guard let stream = fopen(path, "wb") else { throw Failure.noFile }
    defer { fclose(stream) }
    guard fwrite(bytes, 1, bytes.count, stream) == bytes.count else { throw Failure.noFile }
    return path
  }

  /// A path that is cleaned up if something is put there.
  func reserve(_ name: String) -> String {
    names.append(name)
    return "\(path)/\(name)"
  }

  enum Failure: Error { case noFolder, noFile }
}
