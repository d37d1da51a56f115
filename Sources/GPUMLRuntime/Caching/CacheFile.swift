import FoundationEssentials
import GPUMLDevice
import GPUMLGraph
import GPUMLSystem

/// A file of JSON in the user's cache folder with what is known of some devices.
struct CacheFile: Sendable {
  /// Where the file is, or would be.
  let path: String

  private static let mostBytes = 1 << 20

  /// - Parameters:
  ///   - folder: Gives the path of a file's name; nil where nothing is kept.
  ///   - name: What the file's name begins with.
  ///   - subject: What the content holds for: the identities of devices.
  init?(_ folder: (String) -> String?, name: String, subject: [String]) {
    let hash = StableHash.fnv1a(subject.joined(separator: "\n"))
    guard let path = folder("\(name)-\(String(hash, radix: 16)).json") else { return nil }
    self.path = path
  }

  /// The file of an open device; nil where the environment asks for no cache.
  init?(_ context: DeviceContext, name: String) {
    self.init(context.cachePath, name: name, subject: context.device.identity)
  }

  /// The bytes; nil if there is no file.
  ///
  /// - Throws: `SystemError` if it cannot be read or is far too large.
  func bytes() throws(SystemError) -> Data? {
    guard try FileBytes.kind(of: path) != nil else { return nil }
    return Data(try FileBytes.read(path, limit: CacheFile.mostBytes))
  }

  /// The content; nil if there is none that can be read.
  func content<Content: Decodable>(as type: Content.Type) -> Content? {
    guard let bytes = try? bytes() else { return nil }
    return try? JSONDecoder().decode(type, from: bytes)
  }

  /// Finds out whether the file can be written, before the work whose result it is to hold.
  ///
  /// - Throws: `SystemError.cannotCreate`.
  func checkWritable() throws {
    _ = DeviceContext.makeCacheFolder(for: path)
    try AtomicFile.checkWritable(path)
  }

  /// Replaces the content.
  ///
  /// - Throws: `SystemError` if the file cannot be written.
  func write(_ content: some Encodable) throws {
    _ = DeviceContext.makeCacheFolder(for: path)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try AtomicFile.write([UInt8](try encoder.encode(content)), to: path)
  }
}
