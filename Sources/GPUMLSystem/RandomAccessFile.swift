import Glibc

/// A regular file, open for reading at any offset.
///
/// Reads do not share a position, so one object may serve many tasks.
package final class RandomAccessFile: Sendable {
  /// The path it was opened at.
  package let path: String
  /// The size when it was opened.
  package let byteCount: Int
  private let descriptor: Int32

  /// Opens the file; a FIFO, a device or a folder is refused without waiting for it.
  ///
  /// - Throws: `FileFailure` of kind `missing`, `notRegularFile` or `unreadable`.
  package init(path: String) throws(FileFailure) {
    if path.isEmpty || path.utf8.contains(0) {
      throw FileFailure(.missing, path: path, reason: "not a file name")
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      let code = errno
      let missing = code == ENOENT || code == ENOTDIR
      throw FileFailure(missing ? .missing : .unreadable, path: path, call: "open", code: code)
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw FileFailure(.unreadable, path: path, call: "stat", code: code)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      let folder = status.st_mode & S_IFMT == S_IFDIR
      throw FileFailure(
        .notRegularFile, path: path, reason: folder ? "is a folder" : "is not a regular file")
    }
    self.path = path
    self.descriptor = descriptor
    byteCount = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Reads exactly `count` elements that begin at a byte offset.
  ///
  /// - Throws: `FileFailure` of kind `truncated` if the range ends beyond the file (nothing is
  ///   allocated then) or the file has shrunk, `unreadable` if the system reports an error.
  package func read<T: BitwiseCopyable>(
    as type: T.Type = UInt8.self, count: Int, at offset: Int
  ) throws(FileFailure) -> [T] {
    let (wanted, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<T>.stride)
    guard count >= 0, offset >= 0, offset <= byteCount, !overflow, wanted <= byteCount - offset
    else {
      throw FileFailure(
        .truncated, path: path,
        reason: "\(count) elements at byte \(offset) end beyond the file's \(byteCount) bytes")
    }
    var failure: FileFailure?
    // The array's own storage is filled in place; a failed read leaves it empty.
    let values = [T](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      failure = fill(UnsafeMutableRawBufferPointer(buffer), count: wanted, at: offset)
      initializedCount = failure == nil ? count : 0
    }
    if let failure { throw failure }
    return values
  }

  private func fill(
    _ buffer: UnsafeMutableRawBufferPointer, count: Int, at offset: Int
  ) -> FileFailure? {
    guard let base = buffer.baseAddress else { return nil }
    var done = 0
    while done < count {
      let got = pread(descriptor, base + done, count - done, off_t(offset + done))
      if got > 0 {
        done += got
      } else if got == 0 {
        return FileFailure(.truncated, path: path, reason: "the file shrank while it was read")
      } else if errno != EINTR {
        return FileFailure(.unreadable, path: path, call: "read", code: errno)
      }
    }
    return nil
  }
}
