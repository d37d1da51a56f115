import Foundation

@testable import GPUMLRuntime

/// A folder of kernel files with a fault, which stand in for those in the binary.
final class SeededFault {
  let folder: String

  /// - Parameters:
  ///   - suffix: The files whose names end so get the fault.
  ///   - name: What is replaced in them, such as `exp`.
  ///   - other: What it is replaced with.
  init(_ suffix: String, _ name: String, by other: String) throws {
    folder = NSTemporaryDirectory() + "gpuml-fault-" + UUID().uuidString
    for file in KernelFiles.names where file.hasSuffix(suffix) {
      let path = URL(fileURLWithPath: "\(folder)/\(file).cl")
      try FileManager.default.createDirectory(
        at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
      let text = "#define \(name) \(other)\n\(try KernelFiles.text(file))\n#undef \(name)\n"
      try text.write(to: path, atomically: true, encoding: .utf8)
    }
  }

  /// An empty folder, for a cache.
  static func emptyFolder() -> String {
    NSTemporaryDirectory() + "gpuml-cache-" + UUID().uuidString
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }
}
