import ArgumentParser
import GPUML
import GPUMLSystem

/// An error of the command itself.
enum CommandError: Error, CustomStringConvertible {
  /// A flag's value that parses and makes no sense.
  case invalidFlag(name: String, reason: String)
  /// A benchmark's kernels computed something else than the host.
  case wrongResult(String)
  /// A process that was to be measured did not do its work: its name, and how it ended.
  case failedProcess(String, String)

  var description: String {
    switch self {
    case .invalidFlag(let name, let reason): "--\(name): \(reason)"
    case .wrongResult(let reason): reason
    case .failedProcess(let name, let reason): "\(name): \(reason)"
    }
  }
}

/// What an error means for the caller of the process.
struct Failure {
  /// One line.
  let message: String
  /// The exit code.
  let code: Int32

  init(_ error: any Error) {
    message = "\(error)".escapingControlCharacters()
    code =
      switch error {
      case let error as DataError: error.exitCode
      case let error as FormatError: error.exitCode
      case let error as SystemError: error.exitCode
      case let error as TrainingError: error.exitCode
      case let error as InferenceError: error.exitCode
      case let error as ReportError: error.exitCode
      case let error as DeviceError: Failure.code(of: error)
      case is NNError: 78
      case CommandError.invalidFlag: 64
      case CommandError.failedProcess: 1
      case let error as RuntimeError: Failure.code(of: error)
      default: 70
      }
  }

  private static func code(of error: DeviceError) -> Int32 {
    if error.isNoDevice { return 69 }
    if error.isOutOfMemory { return 75 }
    return switch error {
    case .invalidValue: 78
    case .buildFailed: 70
    default: 1
    }
  }

  private static func code(of error: RuntimeError) -> Int32 {
    switch error {
    case .invalidInput, .tooLarge: 65
    default: 70
    }
  }
}
