import Glibc

/// What went wrong with a file, in the words of the operating system.
package struct FileFailure: Error, Sendable, Equatable {
  /// The kind of failure; it decides the command's exit code.
  package enum Kind: Sendable {
    /// Nothing is at the path.
    case missing
    /// A folder, a FIFO, a socket or a device stands where a file is wanted.
    case notRegularFile
    /// It exists and cannot be opened or read.
    case unreadable
    /// It ended before the bytes that were promised.
    case truncated
    /// It cannot be created, written or renamed.
    case cannotWrite
  }

  /// The kind of failure.
  package let kind: Kind
  /// The path as it was given.
  package let path: String
  /// Why, without the path.
  package let reason: String

  package init(_ kind: Kind, path: String, reason: String) {
    self.kind = kind
    self.path = path
    self.reason = reason
  }

  /// Takes the reason from an `errno` value.
  init(_ kind: Kind, path: String, call: String, code: Int32) {
    self.init(kind, path: path, reason: "\(call): \(String(cString: strerror(code)))")
  }
}

extension FileFailure: CustomStringConvertible {
  /// One line: the path and the reason.
  package var description: String { "\(path): \(reason)" }
}
