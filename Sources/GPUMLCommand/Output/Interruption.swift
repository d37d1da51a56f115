import ArgumentParser
import Dispatch
import Glibc
import Synchronization

/// Ends work that saves what it has reached at SIGINT and SIGTERM; a second signal ends the process
/// at once.
final class Interruption: Sendable {
  private let first = Mutex<Int32?>(nil)

  /// The signal that came, if one has.
  private var signal: Int32? { first.withLock { $0 } }

  /// Runs work and cancels it when a signal comes.
  ///
  /// - Throws: What the work throws; the exit code that shells give to a signal, if one came.
  func cancelling<Value: Sendable>(
    _ work: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    let task = Task(operation: work)
    let sources = [SIGINT, SIGTERM].map { number in
      // The default action would end the process before anything is saved.
      Glibc.signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(
        signal: number, queue: DispatchQueue(label: "gpuml.signals"))
      source.setEventHandler { [self] in
        if signal != nil { _exit(128 + number) }
        first.withLock { $0 = number }
        task.cancel()
      }
      source.resume()
      return source
    }
    defer { for source in sources { source.cancel() } }
    do {
      let value = try await task.value
      if let signal { throw ExitCode(128 + signal) }
      return value
    } catch let error as CancellationError {
      if let signal { throw ExitCode(128 + signal) }
      throw error
    }
  }
}
