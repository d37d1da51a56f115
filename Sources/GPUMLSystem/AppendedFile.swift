import Glibc

/// A file that grows at its end, for readers that look at it meanwhile.
package final class AppendedFile: Sendable {
  private let descriptor: Int32
  private let path: String

  /// Makes an empty file.
  ///
  /// - Throws: `SystemError.cannotCreate`, also if something has the name.
  package init(creating path: String) throws(SystemError) {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw .cannotCreate(path: path, reason: FileBytes.reason(of: errno))
    }
  }

  deinit { close(descriptor) }

  /// Adds bytes at the end.
  ///
  /// - Throws: `SystemError.writeFailed`.
  package func append(_ bytes: [UInt8]) throws(SystemError) {
    let failure = bytes.withUnsafeBytes { Descriptor.write($0, to: descriptor) }
    if let failure { throw .writeFailed(path: path, reason: FileBytes.reason(of: failure)) }
  }
}
