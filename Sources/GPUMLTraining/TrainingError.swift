import GPUMLSystem

/// What can stop a training.
public enum TrainingError: Error, Sendable, Equatable {
  /// A setting is out of range, or settings contradict each other.
  case invalidConfiguration(key: String, reason: String)
  /// The model does not fit the task.
  case invalidModel(reason: String)
  /// The data do not fit the model or the task.
  case invalidData(reason: String)
  /// The loss or a gradient is NaN or infinite; the weights are those before that step.
  case diverged(step: Int, epoch: Int)
  /// A file with a configuration is not what it should be.
  case invalidFile(path: String, line: Int?, reason: String)
  /// What a training was to go on from is of another model, configuration or data.
  case invalidState(reason: String)
  /// A trained model cannot be what a training begins from.
  case invalidBase(path: String, reason: String)
  /// The run folder cannot be made.
  case cannotCreate(path: String, reason: String)
  /// A file of the run cannot be written.
  case writeFailed(path: String, reason: String)
}

extension TrainingError: CustomStringConvertible {
  /// One line, control characters escaped.
  public var description: String { text.escapingControlCharacters() }

  private var text: String {
    switch self {
    case .invalidConfiguration(let key, let reason): "\(key): \(reason)"
    case .invalidModel(let reason): "model: \(reason)"
    case .invalidData(let reason): "data: \(reason)"
    case .diverged(let step, let epoch):
      "training diverged at step \(step) in epoch \(epoch): the loss is not finite; "
        + "a lower learning rate may help"
    case .invalidFile(let path, let line, let reason):
      path + (line.map { ":\($0)" } ?? "") + ": \(reason)"
    case .invalidState(let reason): "cannot be resumed: \(reason)"
    case .invalidBase(let path, let reason): "\(path): cannot be begun from: \(reason)"
    case .cannotCreate(let path, let reason): "\(path): cannot be created: \(reason)"
    case .writeFailed(let path, let reason): "\(path): cannot be written: \(reason)"
    }
  }
}

extension TrainingError {
  /// The process's exit code for this error, after CLI conventions and BSD's `sysexits.h`.
  package var exitCode: Int32 {
    switch self {
    case .invalidConfiguration, .invalidModel, .invalidFile, .invalidState: 78
    case .invalidData, .invalidBase: 65
    case .diverged: 3
    case .cannotCreate: 73
    case .writeFailed: 74
    }
  }

  /// Puts a failure of the file system into this module's words.
  init(_ error: SystemError) {
    self =
      switch error {
      case .cannotCreate(let path, let reason): .cannotCreate(path: path, reason: reason)
      default: .writeFailed(path: error.path, reason: error.reason)
      }
  }
}
