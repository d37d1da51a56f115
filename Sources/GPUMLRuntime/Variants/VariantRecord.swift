import GPUMLDevice
import GPUMLGraph
import GPUMLSystem

/// What `gpuml doctor` has disabled on a device, and which matrix units work there, kept in the user's
/// cache folder.
///
/// It holds for one device, driver and set of kernels: another driver or another build of gpuml
/// begins without. A file that is damaged counts as none.
package struct VariantRecord: Sendable {
  private struct Content: Codable {
    var format = VariantRecord.format
    let device: [String]
    let kernels: UInt64
    let disabled: [KernelVariant]
    /// Whether matrix units work, for each kind of operand that was tried; older files have none.
    let matrixUnits: [String: Bool]?
  }

  private static let format = 1

  private let file: CacheFile
  private let context: DeviceContext

  /// Where the file is, or would be.
  package var path: String { file.path }

  /// The record of an open device; nil where the environment asks for no cache.
  package init?(_ context: DeviceContext) {
    guard let file = CacheFile(context, name: "variants") else { return nil }
    self.file = file
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
  package func read() -> Set<KernelVariant> { Set(content()?.disabled ?? []) }

  /// Whether matrix units work, as far as that has been tried.
  package func matrixUnits() -> [MatrixOperand: Bool] {
    (content()?.matrixUnits ?? [:]).reduce(into: [:]) { verdicts, entry in
      MatrixOperand(rawValue: entry.key).map { verdicts[$0] = entry.value }
    }
  }

  private func content() -> Content? {
    guard let content = file.content(as: Content.self),
      content.format == VariantRecord.format, content.device == context.device.identity,
      content.kernels == KernelFiles.fingerprint
    else { return nil }
    return content
  }

  /// Replaces what is disabled.
  ///
  /// - Throws: `SystemError` if the file cannot be written.
  package func write(_ disabled: Set<KernelVariant>) throws {
    if disabled.isEmpty, try FileBytes.kind(of: path) == nil { return }
    try write(disabled, matrixUnits())
  }

  /// Adds whether matrix units work for a kind of operand.
  ///
  /// - Throws: `SystemError` if the file cannot be written.
  package func keep(_ operand: MatrixOperand, _ works: Bool) throws {
    try write(read(), matrixUnits().merging([operand: works]) { $1 })
  }

  private func write(
    _ disabled: Set<KernelVariant>, _ matrixUnits: [MatrixOperand: Bool]
  ) throws {
    try file.write(
      Content(
        device: context.device.identity, kernels: KernelFiles.fingerprint,
        disabled: disabled.ordered,
        matrixUnits: Dictionary(
          matrixUnits.map { ($0.key.rawValue, $0.value) }, uniquingKeysWith: { $1 })))
  }
}
