import Glibc

/// A file that appears under its name whole or not at all.
///
/// Bytes go to a temporary file in the same folder; `commit()` flushes it to the disk, renames it
/// and flushes the folder. Without a commit the temporary file is removed.
package final class AtomicFile {
  /// How the names of temporary files end, so that the leftovers of a killed process are known.
  package static let temporarySuffix = ".gpuml-tmp"

  package let path: String
  private let temporaryPath: String
  private var descriptor: Int32

  /// Creates the temporary file.
  ///
  /// - Throws: `AtomicFileError` if the folder cannot be written.
  package init(at path: String) throws {
    self.path = path
    var generator = SystemRandomNumberGenerator()
    let (folder, name) = AtomicFile.split(path)
    // A name may have 255 bytes; the prefix of a long one still tells whose leftover it is.
    let start = String(decoding: name.utf8.prefix(180), as: UTF8.self)
    let random = String(generator.next() as UInt64, radix: 36)
    temporaryPath = "\(folder)/.\(start).\(random)\(AtomicFile.temporarySuffix)"
    descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
    if descriptor < 0 { throw AtomicFileError(path: path, step: "create", code: errno) }
  }

  deinit { discard() }

  /// Appends bytes.
  package func write(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes
    while let start = rest.baseAddress, !rest.isEmpty {
      let written = Glibc.write(descriptor, start, rest.count)
      if written < 0 {
        if errno == EINTR { continue }
        throw failure("write")
      }
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
    }
  }

  /// Appends bytes.
  package func write(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { try write($0) }
  }

  /// Gives the file its name; what stood there before is replaced.
  package func commit() throws {
    if fsync(descriptor) != 0 { throw failure("flush") }
    let closed = close(descriptor)
    descriptor = -1
    if closed != 0 { throw failure("close") }
    if rename(temporaryPath, path) != 0 { throw failure("rename") }
    let folder = open(AtomicFile.split(path).folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if folder < 0 { throw AtomicFileError(path: path, step: "flush the folder of", code: errno) }
    defer { close(folder) }
    // Some file systems cannot flush a folder and say EINVAL: the rename is all they offer.
    if fsync(folder) != 0, errno != EINVAL {
      throw AtomicFileError(path: path, step: "flush the folder of", code: errno)
    }
  }

  /// Writes a whole file.
  package static func write(_ bytes: UnsafeRawBufferPointer, to path: String) throws {
    let file = try AtomicFile(at: path)
    try file.write(bytes)
    try file.commit()
  }

  /// Writes a whole file.
  package static func write(_ bytes: [UInt8], to path: String) throws {
    try bytes.withUnsafeBytes { try write($0, to: path) }
  }

  private func failure(_ step: String) -> AtomicFileError {
    let error = AtomicFileError(path: path, step: step, code: errno)
    discard()
    unlink(temporaryPath)
    return error
  }

  private func discard() {
    guard descriptor >= 0 else { return }
    close(descriptor)
    descriptor = -1
    unlink(temporaryPath)
  }

  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let folder = String(path[..<slash])
    return (folder.isEmpty ? "/" : folder, String(path[path.index(after: slash)...]))
  }
}

/// A file could not be written; nothing stands under its name that was not there before.
package struct AtomicFileError: Error, Sendable, Equatable, CustomStringConvertible {
  package let path: String
  /// What failed: `create`, `write`, `flush`, `close` or `rename`.
  package let step: String
  /// The operating system's error number.
  package let code: Int32

  package var description: String {
    "\(path): cannot \(step) the file: \(String(cString: strerror(code)))"
  }
}
