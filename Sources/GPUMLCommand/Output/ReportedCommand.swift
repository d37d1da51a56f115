import ArgumentParser

/// A subcommand whose errors become one line and an exit code.
protocol ReportedCommand: AsyncParsableCommand, Sendable {
  var output: OutputOptions { get }
  /// Does the work; a signal cancels the task it runs in.
  func execute() async throws
  /// Told of an error before its line is written.
  func didFail(_ failure: Failure) throws
}

extension ReportedCommand {
  func didFail(_ failure: Failure) throws {}

  func run() async throws {
    let interruption = Interruption()
    do {
      try await interruption.cancelling { [self] in try await execute() }
    } catch {
      if error is CancellationError { try interruption.throwIfSignalled() }
      if error is ExitCode { throw error }
      let failure = Failure(error)
      try? didFail(failure)
      Console.standardError("gpuml: \(failure.message)")
      throw ExitCode(failure.code)
    }
    try interruption.throwIfSignalled()
  }
}
