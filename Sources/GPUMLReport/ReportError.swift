import GPUMLSystem

/// What can keep a run's page from being made.
public enum ReportError: Error, Sendable, Equatable {
  /// Nothing lies at the path.
  case missing(path: String)
  /// What lies there is no run's folder.
  case notARun(path: String, reason: String)
  /// A file of the run contradicts its format.
  case malformed(file: String, line: Int?, reason: String)
  /// The system refused to read a file.
  case unreadable(file: String, reason: String)
}

extension ReportError: CustomStringConvertible {
  /// One line: `FILE:LINE: reason`, control characters escaped.
  public var description: String {
    let text =
      switch self {
      case .missing(let path): "\(path): no such file or folder"
      case .notARun(let path, let reason): "\(path): is no run: \(reason)"
      case .malformed(let file, let line?, let reason): "\(file):\(line): \(reason)"
      case .malformed(let file, nil, let reason): "\(file): \(reason)"
      case .unreadable(let file, let reason): "\(file): \(reason)"
      }
    return text.escapingControlCharacters()
  }
}

extension ReportError {
  /// The process's exit code for this error, after BSD's `sysexits.h`.
  package var exitCode: Int32 {
    switch self {
    case .missing: 66
    case .notARun, .malformed: 65
    case .unreadable: 74
    }
  }

  /// The same error in this module's words.
  init(_ error: SystemError) {
    switch error {
    case .missing(let path): self = .missing(path: path)
    case .notAFile, .tooLarge, .corrupt:
      self = .malformed(file: error.path, line: nil, reason: error.reason)
    case .unreadable, .cannotCreate, .writeFailed:
      self = .unreadable(file: error.path, reason: error.reason)
    }
  }
}
