import FoundationEssentials
import GPUMLDevice
import GPUMLGraph
import GPUMLSystem

/// What `gpuml tune-kernels` has found on a device, kept in the user's cache folder.
///
/// It holds for one device, driver and set of kernels. A file that is damaged, of another version
/// or for something else counts as none, which `notice(for:)` tells in one line.
package struct TuningRecord: Sendable {
  private struct Content: Codable {
    var format = TuningRecord.format
    let device: [String]
    let kernels: UInt64
    let winners: [Winner]
  }

  private struct Winner: Codable {
    let family: KernelFamily
    let kernel: String
    let shapes: String
    let parameters: [String: Int]
  }

  /// The part that every version has.
  private struct Version: Decodable {
    let format: Int
  }

  private static let format = 1
  /// The kernels whose parameters are tuned, and what they are built on.
  private static let kernels = KernelFiles.fingerprint(of: ["MatMul/", "Prelude/"])

  private let file: CacheFile
  private let context: DeviceContext

  /// Where the file is, or would be.
  package var path: String { file.path }

  /// The record of an open device; nil where the environment asks for no cache.
  package init?(_ context: DeviceContext) {
    guard let file = CacheFile(context, name: "tuning") else { return nil }
    self.file = file
    self.context = context
  }

  /// The parameters that plans on a device use.
  package static func tuning(on context: DeviceContext) -> Tuning {
    TuningRecord(context)?.read().tuning ?? Tuning()
  }

  /// One line if a record is ignored; nil if there is none or it is used.
  package static func notice(for context: DeviceContext) -> String? {
    guard let record = TuningRecord(context), let problem = record.read().problem else {
      return nil
    }
    return "\(record.path) \(problem) and is ignored; 'gpuml tune-kernels' makes it anew"
  }

  /// What was found, or why the record is ignored.
  package func read() -> (tuning: Tuning, problem: String?) {
    func ignored(_ problem: String) -> (Tuning, String?) { (Tuning(), problem) }
    let bytes: Data
    do {
      guard let found = try file.bytes() else { return (Tuning(), nil) }
      bytes = found
    } catch {
      return ignored("cannot be read")
    }
    guard let version = try? JSONDecoder().decode(Version.self, from: bytes) else {
      return ignored("is damaged")
    }
    guard version.format == TuningRecord.format else {
      return ignored("has the format \(version.format), not \(TuningRecord.format),")
    }
    guard let content = try? JSONDecoder().decode(Content.self, from: bytes) else {
      return ignored("is damaged")
    }
    guard content.device == context.device.identity else {
      return ignored("is of another device or driver")
    }
    guard content.kernels == TuningRecord.kernels else {
      return ignored("is of other kernels than this build's")
    }
    let winners = content.winners.map {
      (TuningKey($0.family, $0.kernel, $0.shapes), $0.parameters)
    }
    return (Tuning(Dictionary(winners, uniquingKeysWith: { $1 })), nil)
  }

  /// Finds out whether the record can be written, before the work whose result it is to hold.
  ///
  /// - Throws: `SystemError.cannotCreate`.
  package func checkWritable() throws {
    try file.checkWritable()
  }

  /// Replaces the record.
  ///
  /// - Throws: `SystemError` if the file cannot be written.
  package func write(_ tuning: Tuning) throws {
    if tuning.isEmpty, try FileBytes.kind(of: path) == nil { return }
    try file.write(
      Content(
        device: context.device.identity, kernels: TuningRecord.kernels,
        winners: tuning.entries.map {
          Winner(
            family: $0.key.family, kernel: $0.key.kernel, shapes: $0.key.shapes,
            parameters: $0.values)
        }))
  }
}
