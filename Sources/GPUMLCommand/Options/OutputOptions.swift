import ArgumentParser
import GPUML

/// How much is told, and in which form.
struct OutputOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Tell more.")
  var verbose = false

  @Flag(name: .shortAndLong, help: "Tell nothing but results, warnings and errors.")
  var quiet = false

  @Flag(help: "Write results as JSON, one object a line.")
  var json = false

  @Flag(help: "Show no progress.")
  var noProgress = false

  @Flag(help: "Use no colours; the variable NO_COLOR does the same.")
  var noColor = false

  mutating func validate() throws {
    if verbose && quiet { throw ValidationError("--verbose and --quiet exclude each other") }
  }

  /// Writes a line to standard error unless there is to be quiet.
  func note(_ text: String) {
    if !quiet { Console.standardError(text) }
  }

  /// Writes what there is to know of data: warnings always, the rest unless there is to be quiet.
  func tell(_ note: DataNote) {
    if note.isWarning { warn(note.text) } else { self.note(note.text) }
  }

  /// Writes a warning, which is told even where there is to be quiet.
  func warn(_ text: String?) {
    if let text { Console.standardError("gpuml: warning: \(text)") }
  }
}
