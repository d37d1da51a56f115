/// A kernel file with its options, as it stands in a program.
package struct KernelInstance: Sendable, Hashable {
  /// The path below the kernel folder.
  package let file: String
  /// Macros defined before the text, in this order.
  package let options: [Option]
  /// Generated text before the file's: an epilogue.
  package let generated: String
  /// The width of its vectors; nil for the device's.
  package var vectorWidth: Int?

  package struct Option: Sendable, Hashable {
    package let name: String
    package let value: String
  }

  package init(file: String, options: [(String, String)] = [], generated: String = "") {
    self.file = file
    self.options = options.map { Option(name: $0.0, value: $0.1) }
    self.generated = generated
  }
}
