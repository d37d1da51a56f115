/// A kernel file with its options, as it stands in a program.
package struct KernelInstance: Sendable, Hashable {
  /// The path below the kernel folder, or nil for a text that is generated as a whole.
  package let file: String?
  /// Macros defined before the text, in this order.
  package let options: [Option]
  /// Generated text before the file's: an epilogue, or a whole kernel.
  package let generated: String

  package struct Option: Sendable, Hashable {
    package let name: String
    package let value: String
  }

  package init(file: String?, options: [(String, String)] = [], generated: String = "") {
    self.file = file
    self.options = options.map { Option(name: $0.0, value: $0.1) }
    self.generated = generated
  }
}

/// The text of one program: the prelude, then each instance once.
///
/// An instance's functions end in its number, so that one file may stand in a program many times.
package struct ProgramText: Sendable {
  package private(set) var instances: [KernelInstance] = []
  private var numbers: [KernelInstance: Int] = [:]

  /// The name of a function of an instance, which is added if it is new.
  package mutating func functionName(_ function: String, of instance: KernelInstance) -> String {
    if let number = numbers[instance] { return "\(function)_\(number)" }
    let number = instances.count
    instances.append(instance)
    numbers[instance] = number
    return "\(function)_\(number)"
  }

  /// The whole text.
  ///
  /// - Throws: `RuntimeError.missingKernel` if a file is not in the binary.
  package func source() throws -> String {
    var text = try KernelFiles.text("Prelude/prelude") + KernelFiles.text("Prelude/random")
    for (number, instance) in instances.enumerated() {
      text += "\n#define SUFFIX _\(number)\n"
      for option in instance.options { text += "#define \(option.name) \(option.value)\n" }
      text += instance.generated
      if let file = instance.file { text += try KernelFiles.text(file) }
      text += "\n#undef SUFFIX\n"
      // A file takes back its own options; this takes back those it does not know.
      for option in instance.options { text += "#undef \(option.name)\n" }
    }
    return text
  }
}
