import ArgumentParser

/// A subcommand whose errors become one line and an exit code.
protocol ReportedCommand: AsyncParsableCommand, Sendable {
  var output: OutputOptions { get }
  /// Does the work.
  func execute() async throws
  /// Told of an error before its line is written.
  func didFail(_ failure: Failure) throws
}

extension ReportedCommand {
  func didFail(_ failure: Failure) throws {}

  func run() async throws {
    do {
      try await execute()
    } catch {
      if error is ExitCode { throw error }
      let failure = Failure(error)
      try? didFail(failure)
      Console.standardError("gpuml: \(failure.message)")
      throw ExitCode(failure.code)
    }
  }
}
