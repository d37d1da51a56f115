import GPUMLFormats
import GPUMLSystem

/// A run that ended before its time, to be gone on with.
public struct ResumedRun: Sendable {
  /// The run's folder, which nobody else may write to meanwhile.
  public let folder: RunFolder
  /// What was reached; nil if nothing had been kept, so that the run begins anew.
  public let state: TrainingState?
  /// Why the newest state is not the one taken, in one line; nil if it is.
  public private(set) var warning: String?
  /// What the run was told to do.
  package let settings: TrainingSettings
  /// What else `args.yaml` tells.
  private let facts: [String: String]

  /// Reads a run's folder and locks it.
  ///
  /// - Throws: `FormatError.missing` where there is none, `TrainingError.invalidFile` or `FormatError`
  ///   for files that are not a run's, `TrainingError.cannotCreate` if another training writes there.
  public init(_ path: String) throws {
    try RunFolder.refuseFold(path)
    try self.init(try RunFolder.existing(path))
    for number in 1...max(1, folds ?? 1) where warning == nil && isCrossValidated {
      guard let fold = RunFolder.pathOfFold(number, in: path) else { break }
      warning = (try? ResumedRun.newest(in: fold))?.1
    }
  }

  private init(_ folder: RunFolder) throws {
    self.folder = folder
    let path = folder.path
    let arguments = path + "/" + RunFolder.argumentsName
    let text: String
    do {
      text = String(decoding: try FileBytes.read(arguments), as: UTF8.self)
    } catch {
      throw FormatError(error)
    }
    var entries = try TrainingSettings.entries(text, path: arguments)
    // The folder may have been moved.
    let layers = path + "/" + RunFolder.layersName
    if case .file? = try? FileBytes.kind(of: layers) {
      for place in entries.indices where entries[place].key == "model" {
        entries[place].value = .text(layers)
      }
    }
    settings = try TrainingSettings(entries, path: arguments)
    facts = Dictionary(
      entries.map { ($0.key, $0.value.description) }, uniquingKeysWith: { first, _ in first })
    (state, warning) = try ResumedRun.newest(in: path)
  }

  /// Whether the run has folds, each with a state of its own.
  public var isCrossValidated: Bool { folds != nil }

  private var folds: Int? {
    if case .text(let text)? = settings.values["folds"] { Int(text) } else { nil }
  }

  /// A fold of a cross-validation that is gone on with; nil if it has not begun, or nothing of it is
  /// whole.
  ///
  /// - Parameter folder: The fold's, of whose run others are kept out.
  /// - Throws: `FormatError` or `TrainingError.invalidFile` for files that are not a run's.
  static func fold(in folder: RunFolder) throws -> ResumedRun? {
    guard case .file? = try? FileBytes.kind(of: folder.path + "/" + RunFolder.argumentsName) else {
      return nil
    }
    do {
      return try ResumedRun(folder)
    } catch is FormatError {
      // A fold is soon trained anew.
      return nil
    }
  }

  /// The newest state that is whole.
  private static func newest(in path: String) throws -> (TrainingState?, String?) {
    let newest = path + "/" + RunFolder.stateName
    let previous = path + "/" + RunFolder.previousStateName
    do {
      return (try TrainingState.load(from: newest), nil)
    } catch {
      guard let error = error as? FormatError else { throw error }
      let isMissing = if case .missing = error { true } else { false }
      let older: TrainingState?
      do {
        older = try TrainingState.load(from: previous)
      } catch FormatError.missing where isMissing {
        // Nothing had been kept yet.
        return (nil, nil)
      } catch {
        older = nil
      }
      guard let older else { throw error }
      return (older, "\(error); the state before it is used, of epoch \(older.epochs)")
    }
  }

  /// Compares the run's settings with a request to go on with it, before anything else is read.
  ///
  /// - Throws: `TrainingError.invalidState` with what differs.
  package func check(_ request: TrainingRun.Request) throws {
    try refuse(TrainingSettings.differences(before(), request))
  }

  /// Compares the run with one that is to go on with it.
  ///
  /// - Throws: `TrainingError.invalidState` with what differs.
  func check(_ run: TrainingRun, sha256: String) throws {
    let before = try before()
    var now = run.resolved
    // The batch size is resolved by the number of examples, which are the same if the data are.
    if run.request.configuration.batchSize == nil {
      now.configuration.batchSize = before.configuration.batchSize
    }
    if before.options.scaling == nil { now.options.scaling = nil }
    let loss = run.request.configuration.resolvedLoss(
      isClassifying: !run.data.train.classNames.isEmpty)
    var differences = TrainingSettings.differences(before, now)
    for (key, value) in [("device", now.device?.description), ("loss", loss.rawValue)] {
      if let known = facts[key], let value, known != value {
        differences.append("\(key) is \(known) there and \(value) here")
      }
    }
    try refuse(differences)
    if let base = run.base, let known = facts["from_sha256"], known != base.sha256 {
      try refuse(["\(base.path) is not the file that the run began from"])
    }
    if let known = facts["data_sha256"], known != sha256 {
      try refuse(["the data are not the same: their SHA-256 was \(known) and is \(sha256)"])
    }
  }

  /// What the run was told to do.
  private func before() throws -> TrainingRun.Request {
    var request = TrainingRun.Request()
    try settings.apply(to: &request)
    return request
  }

  private func refuse(_ differences: [String]) throws {
    if differences.isEmpty { return }
    throw TrainingError.invalidState(reason: differences.joined(separator: "; "))
  }
}
