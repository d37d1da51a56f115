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

/// The name of this machine, as others see it.
package enum HostName {
  /// Letters, digits, points and hyphens; `localhost` where it has none.
  package static var text: String {
    var bytes = [CChar](repeating: 0, count: 256)
    guard gethostname(&bytes, bytes.count - 1) == 0 else { return "localhost" }
    let name = bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }.filter {
      $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") || isalnum(Int32($0)) != 0 && $0 < 128
    }
    return name.isEmpty ? "localhost" : String(decoding: name, as: UTF8.self)
  }
}
