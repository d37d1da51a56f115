/// Results for people and programs: standard output, unbuffered.
package enum StandardOutput {
  /// Writes all bytes.
  ///
  /// - Throws: `SystemError.writeFailed`, as on a full disk. A closed pipe ends the process.
  package static func write(_ bytes: [UInt8]) throws(SystemError) {
    let failure = bytes.withUnsafeBytes { Descriptor.write($0, to: 1) }
    if let failure {
      throw .writeFailed(path: "standard output", reason: FileBytes.reason(of: failure))
    }
  }

  /// Writes a line.
  package static func print(_ line: String) throws(SystemError) {
    try write(Array((line + "\n").utf8))
  }
}
