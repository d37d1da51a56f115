/// The text of one program: the preludes, then each instance once.
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

  /// The files in short, for messages: the first few and how many more there are.
  package var label: String {
    var files: [String] = []
    for instance in instances {
      let name = String(instance.file.split(separator: "/").last ?? "")
      if !files.contains(name) { files.append(name) }
    }
    let rest = files.count - ProgramText.filesInLabel
    return files.prefix(ProgramText.filesInLabel).joined(separator: ", ")
      + (rest > 0 ? " and \(rest) more" : "")
  }

  private static let filesInLabel = 2

  /// The whole text, in which `#line` names each file for the compiler's messages.
  ///
  /// - Parameters:
  ///   - folder: A folder whose files stand in for those in the binary.
  ///   - declaring: Whether the compiler's own functions are declared first.
  /// - Throws: `RuntimeError.missingKernel` if a file is not in the binary.
  package func source(in folder: String? = nil, declaring: Bool = false) throws -> String {
    func named(_ file: String) throws -> String {
      try "#line 1 \"\(file)\"\n" + KernelFiles.text(file, in: folder) + "\n"
    }
    let preludes =
      (declaring ? ["builtins"] : []) + ["prelude", "tiles", "random", "numbers", "update"]
    var text = try preludes.map { try named("Prelude/" + $0) }.joined()
    for (number, instance) in instances.enumerated() {
      text += "\n#define SUFFIX _\(number)\n"
      for option in instance.options { text += "#define \(option.name) \(option.value)\n" }
      if !instance.generated.isEmpty {
        text += "#line 1 \"\(instance.file), generated\"\n\(instance.generated)\n"
      }
      text += try named(instance.file)
      text += "\n#undef SUFFIX\n"
      // A file takes back its own options; this takes back those it does not know.
      for option in instance.options { text += "#undef \(option.name)\n" }
    }
    return text
  }
}
