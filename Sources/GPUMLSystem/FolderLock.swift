import Glibc

/// Keeps other processes that take the same lock out of a folder until it is given up, or its process
/// ends in whatever way.
package final class FolderLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock of a folder.
  ///
  /// - Throws: `SystemError.cannotCreate` if another has it. On a file system without locks it is taken
  ///   for granted.
  package init(_ path: String) throws(SystemError) {
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .cannotCreate(path: path, reason: FileBytes.reason(of: errno))
    }
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      close(descriptor)
      throw .cannotCreate(path: path, reason: "another training is writing to it")
    }
  }

  deinit { close(descriptor) }
}
