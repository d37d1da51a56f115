import Glibc

/// Writes files that are either whole or not there.
///
/// The bytes go to a temporary file in the same folder, are flushed to the disk, and take the
/// file's name in one step; then the folder is flushed. A failure leaves the old file as it was.
package enum AtomicFile {
  private static let prefix = ".gpuml-"
  private static let suffix = ".tmp"

  /// Replaces the file's content, or creates it.
  package static func write(_ bytes: [UInt8], to path: String) throws {
    try write(to: path) { append in try append(bytes) }
  }

  /// Replaces the file's content, or creates it, with pieces that need not be in memory together.
  ///
  /// - Parameter body: Calls its argument once for each piece. What it throws is passed on, and
  ///   the old file stays.
  /// - Throws: `SystemError`: `cannotCreate`, also if a folder or a device has the name, or
  ///   `writeFailed`.
  package static func write(
    to path: String, body: (_ append: ([UInt8]) throws -> Void) throws -> Void
  ) throws {
    let writer = try AtomicFileWriter(path)
    defer { writer.cancel() }
    try body { bytes in try writer.append(bytes) }
    try writer.finish()
  }

  /// Finds out whether a file can be written, before the work whose result it is to hold.
  ///
  /// - Throws: `SystemError.cannotCreate`, as `write` would.
  package static func checkWritable(_ path: String) throws(SystemError) {
    let temporary = folder(of: try resolve(path).path) + "/" + temporaryName()
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw .cannotCreate(path: path, reason: FileBytes.reason(of: errno))
    }
    close(descriptor)
    unlink(temporary)
  }

  /// Gives a file a second name, in the place of what has that name; nothing where there is no such file.
  ///
  /// Where the file system has no links, the file loses its first name.
  package static func link(_ path: String, to other: String) throws(SystemError) {
    if access(path, F_OK) != 0 { return }
    let temporary = folder(of: other) + "/" + temporaryName()
    if Glibc.link(path, temporary) != 0 {
      try check(rename(path, other), other)
      return
    }
    let result = rename(temporary, other)
    let code = errno
    // Two names of one file are left as they are by a rename.
    unlink(temporary)
    errno = code
    try check(result, other)
  }

  /// Removes the temporary files that a killed process left in a folder.
  ///
  /// Call it only while nobody else writes there.
  /// - Returns: How many were removed.
  @discardableResult
  package static func sweep(folder: String) -> Int {
    guard let stream = opendir(folder) else { return 0 }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      // `d_name` is a NUL-terminated array inside the entry, valid until the next call.
      let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
        field.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if isTemporary(name) { names.append(name) }
    }
    return names.count { unlink(folder + "/" + $0) == 0 }
  }

  /// Whether a file's name is one that `write` gives to its temporary files.
  package static func isTemporary(_ name: String) -> Bool {
    guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return false }
    let random = name.dropFirst(prefix.count).dropLast(suffix.count)
    return random.count == 16 && random.allSatisfy(\.isHexDigit)
  }

  static func temporaryName() -> String {
    let digits = String(UInt64.random(in: 0 ... .max), radix: 16)
    return prefix + String(repeating: "0", count: 16 - digits.count) + digits + suffix
  }

  /// Follows links, so that a link keeps pointing at what is replaced.
  static func resolve(
    _ path: String
  ) throws(SystemError) -> (path: String, exists: Bool, mode: mode_t) {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw .cannotCreate(path: path, reason: "not a file name")
    }
    var status = stat()
    guard stat(path, &status) == 0 else { return (path, false, 0o666) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      throw .cannotCreate(
        path: path, reason: isFolder ? "a folder has that name" : "it is not a regular file")
    }
    guard let real = realpath(path, nil) else { return (path, true, status.st_mode & 0o777) }
    defer { free(real) }
    return (String(cString: real), true, status.st_mode & 0o777)
  }

  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  static func flush(folder: String, path: String) throws(SystemError) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    // Some file systems cannot flush a folder; the rename itself has succeeded.
    if fsync(descriptor) != 0, errno != EINVAL, errno != EROFS {
      throw .writeFailed(path: path, reason: FileBytes.reason(of: errno))
    }
  }

  static func check(_ result: Int32, _ path: String) throws(SystemError) {
    if result != 0 { throw .writeFailed(path: path, reason: FileBytes.reason(of: errno)) }
  }
}
