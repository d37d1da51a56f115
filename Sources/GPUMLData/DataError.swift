import GPUMLSystem

/// What can be wrong with data: files that cannot be used, and values that do not fit together.
public enum DataError: Error, Sendable, Equatable {
  /// Nothing lies at the path.
  case missing(file: String)
  /// The system refused to read the file.
  case unreadable(file: String, reason: String)
  /// The content contradicts its format or what was asked of it.
  case malformed(file: String, line: Int?, reason: String)
  /// Values given in code do not fit together; `operation` is the function they were given to.
  case invalidValue(operation: String, reason: String)
  /// A source is named in a way that is not understood.
  case badAddress(String, reason: String)
}

extension DataError: CustomStringConvertible {
  /// One line: `FILE:LINE: reason`, control characters escaped.
  public var description: String {
    let text =
      switch self {
      case .missing(let file): "\(file): no such file or folder"
      case .unreadable(let file, let reason): "\(file): \(reason)"
      case .malformed(let file, let line?, let reason): "\(file):\(line): \(reason)"
      case .malformed(let file, nil, let reason): "\(file): \(reason)"
      case .invalidValue(let operation, let reason): "\(operation): \(reason)"
      case .badAddress(let address, let reason): "\(address): \(reason)"
      }
    return text.escapingControlCharacters()
  }
}

extension DataError {
  /// The process's exit code for this error, after BSD's `sysexits.h`.
  package var exitCode: Int32 {
    switch self {
    case .badAddress: 64
    case .missing: 66
    case .unreadable: 74
    case .malformed, .invalidValue: 65
    }
  }

  /// The same error in this module's words.
  package init(_ error: SystemError) {
    switch error {
    case .missing(let path): self = .missing(file: path)
    case .notAFile, .tooLarge, .corrupt:
      self = .malformed(file: error.path, line: nil, reason: error.reason)
    case .unreadable, .cannotCreate, .writeFailed:
      self = .unreadable(file: error.path, reason: error.reason)
    }
  }

  /// Runs what talks to the system, its errors put in this module's words.
  static func wrapping<Value>(
    _ body: () throws(SystemError) -> Value
  ) throws(DataError) -> Value {
    do throws(SystemError) {
      return try body()
    } catch {
      throw DataError(error)
    }
  }
}
