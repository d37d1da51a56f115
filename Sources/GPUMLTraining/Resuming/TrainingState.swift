#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import GPUMLData
import GPUMLFormats
import GPUMLGraph
import GPUMLRuntime

/// All that a training needs to go on as if it had never stopped: on the same device, with the same
/// data, model and configuration, to the same bits.
public struct TrainingState: Sendable {
  /// Everything but tensors.
  struct Progress: Sendable, Codable, Equatable {
    /// The steps done in all epochs.
    var steps = 0
    /// What came of the epochs done.
    var reports: [EpochReport] = []
    /// What the steps of an epoch that was left amount to; nil between epochs.
    var partial: EpochSums.Totals?
    /// The epoch whose weights are kept; 0 if there is none yet.
    var bestEpoch = 0
    /// What was measured after it.
    var bestValidation: Evaluation?
    /// The random numbers' state, as the device has it.
    var words: [UInt32] = []
  }

  var progress = Progress()
  /// The values of all variables: the model's and the optimizer's.
  var values: [ModelFile.Weight] = []
  /// The best weights; nil where they are among `values`.
  var best: [ModelFile.Weight]?

  /// The epochs that are done.
  public var epochs: Int { progress.reports.count }
  /// The batches done of the epoch after them.
  public var batchesOfEpoch: Int { progress.partial?.step ?? 0 }
}

extension TrainingState {
  private static let nowPrefix = "now."
  private static let bestPrefix = "best."
  private static let versionKey = "gpuml.training_state"
  private static let version = "1"
  /// A tensor of bytes: metadata have a limit.
  private static let progressName = "gpuml.progress"

  /// Writes the state, with a checksum, to a file that appears whole or not at all.
  ///
  /// - Throws: `FormatError.cannotCreate` or `writeFailed` if the system refuses.
  func save(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    encoder.nonConformingFloatEncodingStrategy = .unlimited
    let bytes = [UInt8](try encoder.encode(progress))
    var tensors = [
      (TrainingState.progressName, HostTensor(shape: [bytes.count], storage: .uint8(bytes)))
    ]
    tensors += values.map { (TrainingState.nowPrefix + $0.name, $0.tensor) }
    tensors += (best ?? []).map { (TrainingState.bestPrefix + $0.name, $0.tensor) }
    try SafetensorsFile.write(
      tensors: tensors, metadata: [(TrainingState.versionKey, TrainingState.version)], to: path,
      checksummed: true)
  }

  /// Reads a state and compares its checksum.
  ///
  /// - Throws: `FormatError`: `missing`, `unreadable`, `malformed`, or `unsupported` for another version.
  static func load(from path: String) throws -> TrainingState {
    let file = try SafetensorsFile(path: path)
    guard let version = file.metadata[versionKey] else {
      throw FormatError.malformed(file: path, reason: "it holds no state of a training")
    }
    guard version == TrainingState.version else {
      throw FormatError.unsupported(
        file: path, reason: "its version \(version.prefix(20)) is not \(TrainingState.version)")
    }
    guard file.hasChecksum else {
      throw FormatError.malformed(file: path, reason: "it has no checksum")
    }
    try file.verifyChecksum()
    var state = TrainingState()
    guard case .uint8(let bytes) = try file.tensor(named: progressName).storage else {
      throw FormatError.malformed(file: path, reason: "'\(progressName)' does not hold bytes")
    }
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .unlimited
    do {
      state.progress = try decoder.decode(Progress.self, from: Data(bytes))
    } catch {
      throw FormatError.malformed(file: path, reason: "'\(progressName)' is not what was written")
    }
    for place in state.progress.reports.indices {
      state.progress.reports[place].validation?.confusion = nil
    }
    var best: [ModelFile.Weight] = []
    for name in file.entries.map(\.name).sorted() where name != progressName {
      let tensor = try file.tensor(named: name)
      if name.hasPrefix(bestPrefix) {
        best.append(
          ModelFile.Weight(name: String(name.dropFirst(bestPrefix.count)), tensor: tensor))
      } else if name.hasPrefix(nowPrefix) {
        state.values.append(
          ModelFile.Weight(name: String(name.dropFirst(nowPrefix.count)), tensor: tensor))
      }
    }
    if !best.isEmpty { state.best = best }
    return state
  }
}

/// Keeps the states of a training.
public protocol TrainingStateKeeper: Sendable {
  /// Whether to keep the state after an epoch; what is not asked for is not read from the device.
  ///
  /// - Parameter epoch: How many are done.
  func wantsState(after epoch: Int) async -> Bool
  /// Whether to keep the state between two steps of an epoch; asked before each step, from any thread.
  func wantsStateWithinEpoch() -> Bool
  /// Keeps a state; the training waits until it returns, and ends with what it throws.
  func keep(_ state: TrainingState) async throws
}

extension TrainingStateKeeper {
  /// Never.
  public func wantsStateWithinEpoch() -> Bool { false }
}
