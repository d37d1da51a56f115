import GPUMLKernels
import GPUMLSystem

extension CBytes {
  /// Copies the kernel table of the C target into Swift; the one place that reads it.
  static func kernelTexts() -> [String: String] {
    var texts: [String: String] = [:]
    for index in 0..<Int(gpuml_kernel_file_count) {
      let file = gpuml_kernel_file_at(index)
      guard let name = file.name, let text = file.text else { continue }
      let bytes = UnsafeRawPointer(text).assumingMemoryBound(to: UInt8.self)
      texts[String(cString: name)] = String(
        decoding: copy(bytes, count: Int(file.size)), as: UTF8.self)
    }
    return texts
  }
}
