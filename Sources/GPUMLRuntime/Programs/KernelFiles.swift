import GPUMLGraph
import GPUMLKernels
import GPUMLSystem

/// The OpenCL C files that are part of the binary.
package enum KernelFiles {
  /// The text by path below the kernel folder, such as `MatMul/matmul_cpu`.
  private static let texts: [String: String] = CBytes.kernelTexts()

  /// - Parameter folder: A folder whose files stand in for those in the binary.
  /// - Throws: `RuntimeError.missingKernel` if there is no such file.
  package static func text(_ name: String, in folder: String? = nil) throws -> String {
    if let folder, let bytes = try? FileBytes.read("\(folder)/\(name).cl", limit: 1 << 20) {
      return String(decoding: bytes, as: UTF8.self)
    }
    guard let text = texts[name] else { throw RuntimeError.missingKernel(name: name) }
    return text
  }

  /// A number that changes with the files in the binary.
  package static let fingerprint = fingerprint(of: [""])

  /// A number that changes with some of the files: those whose paths begin so.
  package static func fingerprint(of prefixes: [String]) -> UInt64 {
    let chosen = texts.filter { text in prefixes.contains { text.key.hasPrefix($0) } }
    return StableHash.fnv1a(
      chosen.sorted { $0.key < $1.key }.map { "\($0.key)\n\($0.value)" }.joined(separator: "\n"))
  }

  /// All paths, sorted.
  package static var names: [String] { texts.keys.sorted() }
}
