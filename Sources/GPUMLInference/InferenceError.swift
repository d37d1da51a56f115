import GPUMLSystem

/// What can keep a model from being used.
public enum InferenceError: Error, Sendable, Equatable {
  /// The parts of a model's file contradict each other.
  case invalidModel(file: String, reason: String)
  /// The examples do not fit the model.
  case invalidInput(reason: String)
}

extension InferenceError: CustomStringConvertible {
  /// One line, control characters escaped.
  public var description: String {
    let text =
      switch self {
      case .invalidModel(let file, let reason): "\(file): \(reason)"
      case .invalidInput(let reason): "input: \(reason)"
      }
    return text.escapingControlCharacters()
  }
}

extension InferenceError {
  /// The process's exit code for this error, after BSD's `sysexits.h`.
  package var exitCode: Int32 { 65 }
}
