import Glibc

/// Writes one file piece by piece; it appears whole at the end, or not at all.
///
/// Until `finish`, the pieces are in a temporary file in the same folder, as `AtomicFile` says.
package final class AtomicFileWriter {
  private let path: String
  private let target: String
  private let folder: String
  private let temporary: String
  private var descriptor: Int32

  /// Begins the file that is to be at `path`.
  ///
  /// - Throws: `SystemError.cannotCreate`, also if a folder or a device has the name.
  package init(_ path: String) throws(SystemError) {
    self.path = path
    let found = try AtomicFile.resolve(path)
    target = found.path
    folder = AtomicFile.folder(of: target)
    temporary = folder + "/" + AtomicFile.temporaryName()
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, found.mode)
    guard descriptor >= 0 else {
      throw .cannotCreate(path: path, reason: FileBytes.reason(of: errno))
    }
    if found.exists { _ = fchmod(descriptor, found.mode) }
  }

  deinit { cancel() }

  /// Adds a piece.
  ///
  /// - Throws: `SystemError.writeFailed`, as when the disk is full.
  package func append(_ bytes: [UInt8]) throws(SystemError) {
    let failure = bytes.withUnsafeBytes { Descriptor.write($0, to: descriptor) }
    if let failure { throw .writeFailed(path: path, reason: FileBytes.reason(of: failure)) }
  }

  /// Writes over the first bytes, as of a header that tells what follows it; then nothing is to be
  /// appended.
  ///
  /// - Throws: `SystemError.writeFailed`.
  package func rewriteStart(_ bytes: [UInt8]) throws(SystemError) {
    if lseek(descriptor, 0, SEEK_SET) != 0 {
      throw .writeFailed(path: path, reason: FileBytes.reason(of: errno))
    }
    try append(bytes)
  }

  /// Flushes the file to the disk and gives it its name, in the place of what has that name.
  ///
  /// - Throws: `SystemError.writeFailed`; then the old file stays.
  package func finish() throws(SystemError) {
    defer { cancel() }
    try AtomicFile.check(fsync(descriptor), path)
    let closed = close(descriptor)
    descriptor = -1
    do throws(SystemError) {
      try AtomicFile.check(closed, path)
      try AtomicFile.check(rename(temporary, target), path)
    } catch {
      unlink(temporary)
      throw error
    }
    try AtomicFile.flush(folder: folder, path: path)
  }

  /// Gives the file up, unless it is finished.
  package func cancel() {
    guard descriptor >= 0 else { return }
    close(descriptor)
    descriptor = -1
    unlink(temporary)
  }
}
