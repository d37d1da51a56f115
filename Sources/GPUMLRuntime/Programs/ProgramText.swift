/// The text of one program: the prelude, then each instance once.
///
/// An instance's functions end in its number, so that one file may stand in a program many times.
package struct ProgramText: Sendable {
  package private(set) var instances: [KernelInstance] = []
  private var numbers: [KernelInstance: Int] = [:]

  /// Adds an instance if it is new.
  package mutating func add(_ instance: KernelInstance) {
    if numbers[instance] != nil { return }
    numbers[instance] = instances.count
    instances.append(instance)
  }

  /// What the names of an instance's functions end in.
  package func suffix(of instance: KernelInstance) -> String {
    numbers[instance].map { "_\($0)" } ?? ""
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
      text += try KernelFiles.text(instance.file)
      text += "\n#undef SUFFIX\n"
      // A file takes back its own options; this takes back those it does not know.
      for option in instance.options { text += "#undef \(option.name)\n" }
    }
    return text
  }
}
