import FoundationEssentials
import GPUMLGraph
import GPUMLSystem

/// A file of the user's cache folder with what has been measured on some devices.
///
/// It holds for those devices, their drivers and this build's kernels. A file that is damaged, of
/// another version or for something else counts as none.
package struct CacheRecord<Findings: Codable & Sendable>: Sendable {
  private struct Content: Codable {
    let format: Int
    let subject: [String]
    let kernels: UInt64
    let findings: Findings
  }

  /// Where the file is, or would be.
  package let path: String
  private let subject: [String]
  private let format: Int

  /// - Parameters:
  ///   - folder: Gives the path of a file's name; nil where nothing is kept.
  ///   - name: What the file's name begins with.
  ///   - subject: What the findings hold for: the identities of devices.
  ///   - format: The version of the findings.
  package init?(_ folder: (String) -> String?, name: String, subject: [String], format: Int) {
    let hash = StableHash.fnv1a(subject.joined(separator: "\n"))
    guard let path = folder("\(name)-\(String(hash, radix: 16)).json") else { return nil }
    self.path = path
    self.subject = subject
    self.format = format
  }

  private static var mostBytes: Int { 1 << 20 }

  /// What was found; nil if there is no record that fits.
  package func read() -> Findings? {
    guard let bytes = try? FileBytes.read(path, limit: CacheRecord.mostBytes),
      let content = try? JSONDecoder().decode(Content.self, from: Data(bytes)),
      content.format == format, content.subject == subject,
      content.kernels == KernelFiles.fingerprint
    else { return nil }
    return content.findings
  }

  /// Replaces the record. Without a place to write, what was found is found again next time.
  package func write(_ findings: Findings) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    let content = Content(
      format: format, subject: subject, kernels: KernelFiles.fingerprint, findings: findings)
    guard let data = try? encoder.encode(content) else { return }
    if let end = path.lastIndex(of: "/") {
      // Only the user's own processes read what is cached.
      try? FileManager.default.createDirectory(
        atPath: String(path[..<end]), withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
    }
    try? AtomicFile.write([UInt8](data), to: path)
  }
}
