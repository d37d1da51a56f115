import FoundationEssentials
import GPUMLDevice
import GPUMLGraph
import GPUMLSystem

/// What `gpuml doctor` has disabled on a device, kept in the user's cache folder.
///
/// It holds for one device, driver and set of kernels: another driver or another build of gpuml
/// begins without. A file that is damaged counts as none.
package struct VariantRecord: Sendable {
  private struct Content: Codable {
    var format = VariantRecord.format
    let device: [String]
    let kernels: UInt64
    let disabled: [KernelVariant]
  }

  private static let format = 1
  private static let mostBytes = 1 << 20

  /// Where the file is, or would be.
  package let path: String
  private let context: DeviceContext

  /// The record of an open device; nil where the environment asks for no cache.
  package init?(_ context: DeviceContext) {
    let identity = StableHash.fnv1a(context.device.identity.joined(separator: "\n"))
    guard let path = context.cachePath("variants-\(String(identity, radix: 16)).json") else {
      return nil
    }
    self.path = path
    self.context = context
  }

  /// The variants that plans on a device must not use.
  package static func disabled(on context: DeviceContext) -> Set<KernelVariant> {
    VariantRecord(context)?.read() ?? []
  }

  /// One line for who runs something on a device of which variants are disabled; nil if none is.
  package static func notice(for context: DeviceContext) -> String? {
    let disabled = disabled(on: context)
    if disabled.isEmpty { return nil }
    return "gpuml doctor has disabled kernels on \(context.device.name): \(disabled.text)"
  }

  /// What is disabled; nothing if there is no record that fits.
  package func read() -> Set<KernelVariant> {
    guard let bytes = try? FileBytes.read(path, limit: VariantRecord.mostBytes),
      let content = try? JSONDecoder().decode(Content.self, from: Data(bytes)),
      content.format == VariantRecord.format, content.device == context.device.identity,
      content.kernels == KernelFiles.fingerprint
    else { return [] }
    return Set(content.disabled)
  }

  /// Replaces the record.
  ///
  /// - Throws: `SystemError` if the file cannot be written.
  package func write(_ disabled: Set<KernelVariant>) throws {
    if disabled.isEmpty, try FileBytes.kind(of: path) == nil { return }
    _ = context.makeCacheFolder()
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    let content = Content(
      device: context.device.identity, kernels: KernelFiles.fingerprint,
      disabled: disabled.ordered)
    try AtomicFile.write([UInt8](try encoder.encode(content)), to: path)
  }
}
