import GPUMLSystem

/// What can be wrong with a file of weights or a model.
public enum FormatError: Error, Sendable, Equatable {
  /// There is no such file.
  case missing(file: String)
  /// The file exists but the system does not let it be read.
  case unreadable(file: String, reason: String)
  /// The file breaks the rules of its format.
  case malformed(file: String, reason: String)
  /// The file is well-formed and holds something that is not supported.
  case unsupported(file: String, reason: String)
  /// The file has no tensor of that name.
  case noSuchTensor(file: String, name: String)
  /// What should be written cannot be expressed in the format.
  case invalidValue(file: String, reason: String)
  /// The file cannot be created.
  case cannotCreate(file: String, reason: String)
  /// Writing failed part way, as on a full disk.
  case writeFailed(file: String, reason: String)
}

extension FormatError: CustomStringConvertible {
  /// One line: the file and the reason, with control characters escaped.
  public var description: String {
    let (file, reason) =
      switch self {
      case .missing(let file): (file, "no such file")
      case .unreadable(let file, let reason), .malformed(let file, let reason),
        .unsupported(let file, let reason), .invalidValue(let file, let reason),
        .cannotCreate(let file, let reason), .writeFailed(let file, let reason):
        (file, reason)
      case .noSuchTensor(let file, let name): (file, "no tensor named \(Excerpt.quoted(name))")
      }
    return "\(file): \(reason)".escapingControlCharacters()
  }
}

extension FormatError {
  /// Puts a failure of the file system into this module's words.
  package init(_ error: SystemError) {
    let (file, reason) = (error.path, error.reason)
    self =
      switch error {
      case .missing: .missing(file: file)
      case .unreadable: .unreadable(file: file, reason: reason)
      case .notAFile, .tooLarge, .corrupt: .malformed(file: file, reason: reason)
      case .cannotCreate: .cannotCreate(file: file, reason: reason)
      case .writeFailed: .writeFailed(file: file, reason: reason)
      }
  }

  /// The process's exit code for this error, after BSD's `sysexits.h`.
  package var exitCode: Int32 {
    switch self {
    case .missing: 66
    case .unreadable, .writeFailed: 74
    case .malformed, .unsupported, .noSuchTensor: 65
    case .invalidValue: 70
    case .cannotCreate: 73
    }
  }
}
