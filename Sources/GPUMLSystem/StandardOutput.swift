import Glibc

/// Results for people and programs: standard output, unbuffered.
package enum StandardOutput {
  /// Writes all bytes.
  ///
  /// - Throws: `SystemError.writeFailed`, as on a full disk. A closed pipe ends the process.
  package static func write(_ bytes: [UInt8]) throws(SystemError) {
    var written = 0
    while written < bytes.count {
      // write(2) takes the rest of the array as it lies in memory.
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.write(1, buffer.baseAddress.map { $0 + written }, buffer.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw .writeFailed(path: "standard output", reason: FileBytes.reason(of: errno))
      }
      written += count
    }
  }

  /// Writes a line.
  package static func print(_ line: String) throws(SystemError) {
    try write(Array((line + "\n").utf8))
  }
}
