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
  /// The file cannot be created or written.
  case cannotWrite(file: String, reason: String)
}

extension FormatError: CustomStringConvertible {
  /// One line: the file and the reason, with control characters escaped.
  public var description: String {
    let (file, reason) =
      switch self {
      case .missing(let file): (file, "no such file")
      case .unreadable(let file, let reason), .malformed(let file, let reason),
        .unsupported(let file, let reason), .invalidValue(let file, let reason),
        .cannotWrite(let file, let reason):
        (file, reason)
      case .noSuchTensor(let file, let name): (file, "no tensor named \(Excerpt.quoted(name))")
      }
    return Excerpt.escaped(file) + ": " + Excerpt.escaped(reason)
  }
}

extension FormatError {
  /// Puts a failure of the file system into this module's words.
  init(_ failure: FileFailure) {
    self =
      switch failure.kind {
      case .missing: .missing(file: failure.path)
      case .unreadable: .unreadable(file: failure.path, reason: failure.reason)
      case .notRegularFile, .truncated: .malformed(file: failure.path, reason: failure.reason)
      case .cannotWrite: .cannotWrite(file: failure.path, reason: failure.reason)
      }
  }
}
