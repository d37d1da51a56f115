import Glibc

/// Whole reads and writes by a file's descriptor, whatever pieces the system makes of them.
enum Descriptor {
  /// Why memory could not be filled.
  enum Failure {
    /// The file has no more.
    case end
    /// An error of the system, by its number.
    case system(Int32)
  }

  /// Fills memory from an offset of the file on.
  ///
  /// - Returns: Why it could not; nil if it did.
  static func fill(
    _ target: UnsafeMutableRawBufferPointer, from descriptor: Int32, at offset: Int
  ) -> Failure? {
    var done = 0
    while done < target.count {
      let count = pread(
        descriptor, target.baseAddress.map { $0 + done }, target.count - done,
        off_t(offset + done))
      if count > 0 {
        done += count
      } else if count == 0 {
        return .end
      } else if errno != EINTR {
        return .system(errno)
      }
    }
    return nil
  }

  /// Writes all bytes where the file stands.
  ///
  /// - Returns: The number of the system's error; nil if there was none.
  static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32? {
    var done = 0
    while done < bytes.count {
      let count = Glibc.write(
        descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
      if count > 0 {
        done += count
      } else if count == 0 || errno != EINTR {
        return count == 0 ? EIO : errno
      }
    }
    return nil
  }
}
