import GPUMLKernels
import GPUMLSystem

/// The OpenCL C files that are part of the binary.
package enum KernelFiles {
  /// The text by path below the kernel folder, such as `MatMul/matmul_cpu`.
  private static let texts: [String: String] = CBytes.kernelTexts()

  /// - Throws: `RuntimeError.missingKernel` if there is no such file.
  package static func text(_ name: String) throws -> String {
    guard let text = texts[name] else { throw RuntimeError.missingKernel(name: name) }
    return text
  }

  /// All paths, sorted.
  package static var names: [String] { texts.keys.sorted() }
}
