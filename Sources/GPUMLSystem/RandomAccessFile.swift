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
  /// - Throws: `SystemError`: `missing`, `notAFile` or `unreadable`.
  package init(path: String) throws(SystemError) {
    // Looked at before opening: opening some devices has effects of its own.
    switch try FileBytes.kind(of: path) {
    case .file: break
    case .folder: throw .notAFile(path: path, kind: "a folder")
    case .special(let words): throw .notAFile(path: path, kind: words)
    case nil: throw .missing(path: path)
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw .unreadable(path: path, reason: FileBytes.reason(of: errno))
    }
    var status = stat()
    // Looked at again: the name may have come to mean something else in between.
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .unreadable(path: path, reason: "it changed while it was opened")
    }
    byteCount = Int(status.st_size)
    self.path = path
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Reads exactly `count` elements that begin at a byte offset.
  ///
  /// - Throws: `SystemError.corrupt` if the range ends beyond the file (nothing is allocated then)
  ///   or the file has shrunk, `unreadable` if the system reports an error.
  package func read<T: BitwiseCopyable>(
    as type: T.Type = UInt8.self, count: Int, at offset: Int
  ) throws(SystemError) -> [T] {
    let (wanted, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<T>.stride)
    guard count >= 0, offset >= 0, offset <= byteCount, !overflow, wanted <= byteCount - offset
    else {
      throw .corrupt(
        path: path,
        reason: "\(count) elements at byte \(offset) end beyond the file's \(byteCount) bytes")
    }
    var failure: SystemError?
    // The array's own storage is filled in place; a failed read leaves it empty.
    let values = [T](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      let bytes = UnsafeMutableRawBufferPointer(
        rebasing: UnsafeMutableRawBufferPointer(buffer)[..<wanted])
      switch Descriptor.fill(bytes, from: descriptor, at: offset) {
      case nil: break
      case .end: failure = .corrupt(path: path, reason: "the file shrank while it was read")
      case .system(let code):
        failure = .unreadable(path: path, reason: FileBytes.reason(of: code))
      }
      initializedCount = failure == nil ? count : 0
    }
    if let failure { throw failure }
    return values
  }
}
