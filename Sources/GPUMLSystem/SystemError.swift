/// What can go wrong between gpuml and the operating system's files.
package enum SystemError: Error, Sendable, Equatable {
  /// Nothing lies at the path.
  case missing(path: String)
  /// Something lies at the path that is no plain file: a folder, a pipe, a device.
  case notAFile(path: String, kind: String)
  /// The system refused to open or to read it.
  case unreadable(path: String, reason: String)
  /// The file, or what it expands to, is larger than the caller takes.
  case tooLarge(path: String, limit: Int)
  /// The content contradicts its own format: a bad checksum, a truncated stream.
  case corrupt(path: String, reason: String)
  /// An output could not be created.
  case cannotCreate(path: String, reason: String)
  /// Writing failed part way.
  case writeFailed(path: String, reason: String)

  /// The process's exit code for this error, after BSD's `sysexits.h`.
  package var exitCode: Int32 {
    switch self {
    case .missing: 66
    case .notAFile, .tooLarge, .corrupt: 65
    case .unreadable, .writeFailed: 74
    case .cannotCreate: 73
    }
  }

  /// The path the error is about.
  package var path: String {
    switch self {
    case .missing(let path), .notAFile(let path, _), .unreadable(let path, _),
      .tooLarge(let path, _), .corrupt(let path, _), .cannotCreate(let path, _),
      .writeFailed(let path, _):
      path
    }
  }

  /// What is wrong, without the path.
  package var reason: String {
    switch self {
    case .missing: "no such file or folder"
    case .notAFile(_, let kind): "is \(kind), not a file"
    case .unreadable(_, let reason): "cannot be read: \(reason)"
    case .tooLarge(_, let limit): "is larger than the \(limit) bytes allowed here"
    case .corrupt(_, let reason): reason
    case .cannotCreate(_, let reason): "cannot be created: \(reason)"
    case .writeFailed(_, let reason): "cannot be written: \(reason)"
    }
  }
}

extension SystemError: CustomStringConvertible {
  /// One line: the path and the reason.
  package var description: String { "\(path): \(reason)".escapingControlCharacters() }
}
