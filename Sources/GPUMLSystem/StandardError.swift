#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Diagnostics for people: standard error, unbuffered.
package enum StandardError {
  /// Writes a line; a closed or full standard error is not worth failing for.
  package static func print(_ line: String) { emit(line + "\n") }

  /// Writes a text as it is.
  package static func emit(_ text: String) {
    let bytes = Array(text.utf8)
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return }
      written += count
    }
  }
}
