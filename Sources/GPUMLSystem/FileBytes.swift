import Glibc

/// Reads whole files, and refuses what is not a file before it could block or misbehave.
package enum FileBytes {
  /// What lies at a path.
  package enum Kind: Sendable, Equatable {
    /// A regular file of so many bytes.
    case file(size: Int)
    /// A folder.
    case folder
    /// A pipe, a socket or a device, in words with an article.
    case special(String)
  }

  /// What lies at `path`, following links; nil if nothing does.
  ///
  /// - Throws: `SystemError.unreadable` if the system does not say.
  package static func kind(of path: String) throws(SystemError) -> Kind? {
    try checkName(path)
    var status = stat()
    guard stat(path, &status) == 0 else {
      let code = errno
      if code == ENOENT || code == ENOTDIR { return nil }
      throw .unreadable(path: path, reason: reason(of: code))
    }
    return kind(of: status)
  }

  /// The bytes of the regular file at `path`.
  ///
  /// - Parameter limit: The most bytes to take; by default, what fits this machine's memory.
  /// - Throws: `SystemError`: missing, no plain file, unreadable, too large. It never waits for the
  ///   other end of a pipe.
  package static func read(_ path: String, limit: Int? = nil) throws(SystemError) -> [UInt8] {
    // Looked at before opening: opening some devices has effects of its own.
    guard let kind = try kind(of: path) else { throw .missing(path: path) }
    try requireFile(kind, path: path)
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      let code = errno
      if code == ENOENT { throw .missing(path: path) }
      throw .unreadable(path: path, reason: reason(of: code))
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .unreadable(path: path, reason: reason(of: errno))
    }
    // Looked at again: the name may have come to mean something else in between.
    let size = try requireFile(self.kind(of: status), path: path)
    let most = limit ?? memoryLimit
    guard size <= most else { throw .tooLarge(path: path, limit: most) }
    return try readToEnd(descriptor, path: path, expected: size, limit: most)
  }

  /// Everything standard input gives, until its end.
  ///
  /// - Parameter limit: The most bytes to take; by default, what fits this machine's memory.
  package static func readStandardInput(limit: Int? = nil) throws(SystemError) -> [UInt8] {
    try readToEnd(
      STDIN_FILENO, path: "standard input", expected: 0, limit: limit ?? memoryLimit)
  }

  /// What standard input has next: it waits until there is something.
  ///
  /// - Parameter most: The most bytes to take, at least 1.
  /// - Returns: At least a byte; none at the end, or where the task is cancelled.
  /// - Throws: `SystemError.unreadable`.
  package static func nextOfStandardInput(_ most: Int) throws(SystemError) -> [UInt8] {
    // A read that waits cannot be ended: so it is looked now and then whether there is something.
    var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    while poll(&waiting, 1, 100) == 0 {
      if Task.isCancelled { return [] }
    }
    var failure: SystemError?
    // The array's own memory is filled by read(2).
    let bytes = [UInt8](unsafeUninitializedCapacity: most) { buffer, initialized in
      do throws(SystemError) {
        initialized = try retrying("standard input") {
          Glibc.read(STDIN_FILENO, buffer.baseAddress, most)
        }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Removes a file, if it is there.
  package static func remove(_ path: String) { unlink(path) }

  /// The words of the system for an error number.
  package static func reason(of code: Int32) -> String {
    // strerror returns static text for the codes the system itself reports.
    guard let text = strerror(code) else { return "error \(code)" }
    return String(cString: text)
  }

  /// Three quarters of this machine's memory: a larger file would only end in an abort.
  private static var memoryLimit: Int {
    let pages = sysconf(Int32(_SC_PHYS_PAGES))
    let size = sysconf(Int32(_SC_PAGESIZE))
    guard pages > 0, size > 0 else { return 1 << 36 }
    let (bytes, overflow) = (pages / 4 * 3).multipliedReportingOverflow(by: size)
    return overflow ? Int.max : bytes
  }

  private static func checkName(_ path: String) throws(SystemError) {
    // A NUL would silently cut the name short on its way into C.
    guard !path.utf8.contains(0) else {
      throw .unreadable(path: path, reason: "the name contains a NUL character")
    }
  }

  private static func kind(of status: stat) -> Kind {
    switch status.st_mode & S_IFMT {
    case S_IFREG: .file(size: max(0, Int(status.st_size)))
    case S_IFDIR: .folder
    case S_IFIFO: .special("a pipe")
    case S_IFSOCK: .special("a socket")
    default: .special("a device")
    }
  }

  @discardableResult
  private static func requireFile(_ kind: Kind, path: String) throws(SystemError) -> Int {
    switch kind {
    case .file(let size): return size
    case .folder: throw .notAFile(path: path, kind: "a folder")
    case .special(let words): throw .notAFile(path: path, kind: words)
    }
  }

  private static func readToEnd(
    _ descriptor: Int32, path: String, expected: Int, limit: Int
  ) throws(SystemError) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = max(expected, 1 << 16)
    while true {
      let room = min(chunk, limit - bytes.count)
      if room == 0 {
        var probe: UInt8 = 0
        let count = try retrying(path) { Glibc.read(descriptor, &probe, 1) }
        guard count == 0 else { throw .tooLarge(path: path, limit: limit) }
        return bytes
      }
      let count = try append(from: descriptor, room: room, to: &bytes, path: path)
      if count == 0 { return bytes }
      if bytes.count >= expected { chunk = max(1 << 16, min(bytes.count / 2, 1 << 26)) }
    }
  }

  /// Reads once, straight into the array if it is the first piece.
  private static func append(
    from descriptor: Int32, room: Int, to bytes: inout [UInt8], path: String
  ) throws(SystemError) -> Int {
    var failure: SystemError?
    // The array's own memory is filled by read(2): no second copy of a large file.
    let piece = [UInt8](unsafeUninitializedCapacity: room) { buffer, initialized in
      do throws(SystemError) {
        var filled = 0
        while filled < room {
          let start = buffer.baseAddress.map { $0 + filled }
          let count = try retrying(path) { Glibc.read(descriptor, start, room - filled) }
          if count == 0 { break }
          filled += count
        }
        initialized = filled
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    if bytes.isEmpty { bytes = piece } else { bytes.append(contentsOf: piece) }
    return piece.count
  }

  private static func retrying(
    _ path: String, _ call: () -> Int
  ) throws(SystemError) -> Int {
    while true {
      let count = call()
      if count >= 0 { return count }
      let code = errno
      if code == EINTR { continue }
      throw .unreadable(path: path, reason: reason(of: code))
    }
  }
}
