import ArgumentParser
import GPUML
import GPUMLDatabase
import Glibc

/// The command `gpuml`.
@main
struct Gpuml: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gpuml",
    abstract: "Trains neural networks on any OpenCL device and predicts with them.",
    version: BuildVersion.text,
    subcommands: [
      Train.self, Infer.self, Eval.self, Report.self, Inspect.self, DataCommand.self, Devices.self,
      Doctor.self, DoctorWorker.self, Warmup.self, TuneKernels.self, Bench.self,
    ])

  static func main() async {
    // A file that may not grow is an error of writing like a full disk, and no end of the process.
    signal(SIGXFSZ, SIG_IGN)
    SQLite.enable()
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      // An exit code by itself comes from a command that has told why.
      guard exitCode(for: error) == .validationFailure, !(error is ExitCode) else {
        exit(withError: error)
      }
      // The parser begins its text with "Error: "; every failure of gpuml begins with its name.
      var text = fullMessage(for: error)
      if text.hasPrefix("Error: ") { text.removeFirst("Error: ".count) }
      Console.standardError("gpuml: \(text)")
      exit(withError: exitCode(for: error))
    }
  }
}
