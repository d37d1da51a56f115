import Glibc

/// Rows of numbers on disk, written once from the first to the last and then read in any order.
///
/// The file has no name: it is gone when the last reader is, however the process ends. Reads do not
/// share a position, so one object may serve many tasks.
package final class RowFile: Sendable {
  /// The number of numbers of a row.
  package let width: Int
  /// The number of rows.
  package let count: Int
  private let descriptor: Int32
  private let folder: String

  fileprivate init(width: Int, count: Int, descriptor: Int32, folder: String) {
    self.width = width
    self.count = count
    self.descriptor = descriptor
    self.folder = folder
  }

  deinit { close(descriptor) }

  /// Some rows, one after the other.
  ///
  /// - Precondition: Every row exists.
  /// - Throws: `SystemError.unreadable` if the system fails.
  package func rows(_ indices: [Int]) throws(SystemError) -> [Float] {
    precondition(indices.allSatisfy { $0 >= 0 && $0 < count }, "a row outside the file")
    let size = width * MemoryLayout<Float>.stride
    var failure: SystemError?
    // The array's own memory is filled by pread(2), neighbouring rows at once.
    let values = [Float](unsafeUninitializedCapacity: indices.count * width) { buffer, filled in
      let bytes = UnsafeMutableRawBufferPointer(buffer)
      var position = 0
      while position < indices.count, failure == nil {
        var run = 1
        while position + run < indices.count,
          indices[position + run] == indices[position] + run
        { run += 1 }
        let target = UnsafeMutableRawBufferPointer(
          rebasing: bytes[position * size..<(position + run) * size])
        failure = fill(target, at: indices[position] * size)
        position += run
      }
      filled = failure == nil ? indices.count * width : 0
    }
    if let failure { throw failure }
    return values
  }

  private func fill(_ target: UnsafeMutableRawBufferPointer, at offset: Int) -> SystemError? {
    switch Descriptor.fill(target, from: descriptor, at: offset) {
    case nil: nil
    case .end: .unreadable(path: folder, reason: "a temporary file has shrunk")
    case .system(let code): .unreadable(path: folder, reason: FileBytes.reason(of: code))
    }
  }
}

/// Writes a `RowFile`.
package final class RowFileWriter {
  /// How much is written at a time, in numbers.
  private static let chunk = 1 << 18

  private let width: Int
  private let folder: String
  private var descriptor: Int32
  private var held: [Float] = []
  private var count = 0

  /// Makes the file in the folder for temporary files, or in `TMPDIR`.
  ///
  /// - Precondition: `width` is at least 1.
  /// - Throws: `SystemError.cannotCreate`.
  package init(width: Int, folder: String? = nil) throws(SystemError) {
    precondition(width >= 1, "rows without numbers")
    self.width = width
    // Not /tmp by default: that is often memory itself.
    let folder = folder ?? getenv("TMPDIR").map { String(cString: $0) } ?? "/var/tmp"
    self.folder = folder
    var name = Array("\(folder)/gpuml-rows-XXXXXX".utf8CString)
    descriptor = mkstemp(&name)
    guard descriptor >= 0 else {
      throw .cannotCreate(path: folder, reason: FileBytes.reason(of: errno))
    }
    unlink(name)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Adds numbers, row by row.
  ///
  /// - Throws: `SystemError.writeFailed`, as when the disk is full.
  package func append(_ values: some Sequence<Float>) throws(SystemError) {
    held.append(contentsOf: values)
    if held.count >= RowFileWriter.chunk { try flush() }
  }

  /// Ends the file.
  ///
  /// - Throws: `SystemError.writeFailed`.
  /// - Precondition: What was added are whole rows.
  package func finish() throws(SystemError) -> RowFile {
    try flush()
    precondition(count % width == 0, "a row that is not whole")
    defer { descriptor = -1 }
    return RowFile(width: width, count: count / width, descriptor: descriptor, folder: folder)
  }

  private func flush() throws(SystemError) {
    let failure = held.withUnsafeBytes { Descriptor.write($0, to: descriptor) }
    if let failure { throw .writeFailed(path: folder, reason: FileBytes.reason(of: failure)) }
    count += held.count
    held.removeAll(keepingCapacity: true)
  }
}
