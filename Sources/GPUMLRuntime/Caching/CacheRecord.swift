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

  private let file: CacheFile
  private let subject: [String]
  private let format: Int

  /// Where the file is, or would be.
  package var path: String { file.path }

  /// - Parameters:
  ///   - folder: Gives the path of a file's name; nil where nothing is kept.
  ///   - name: What the file's name begins with.
  ///   - subject: What the findings hold for: the identities of devices.
  ///   - format: The version of the findings.
  package init?(_ folder: (String) -> String?, name: String, subject: [String], format: Int) {
    guard let file = CacheFile(folder, name: name, subject: subject) else { return nil }
    self.file = file
    self.subject = subject
    self.format = format
  }

  /// What was found; nil if there is no record that fits.
  package func read() -> Findings? {
    guard let content = file.content(as: Content.self), content.format == format,
      content.subject == subject, content.kernels == KernelFiles.fingerprint
    else { return nil }
    return content.findings
  }

  /// Replaces the record. Without a place to write, what was found is found again next time.
  package func write(_ findings: Findings) {
    try? file.write(
      Content(
        format: format, subject: subject, kernels: KernelFiles.fingerprint, findings: findings))
  }
}
