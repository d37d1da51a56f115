import ArgumentParser
import Dispatch
import Glibc
import Synchronization

/// Ends work that saves what it has reached at SIGINT and SIGTERM; a second signal ends the process
/// at once.
final class Interruption: Sendable {
  private struct State {
    /// The signal that came, if one has.
    var signal: Int32?
    /// Cancels the work, once it has begun.
    var cancel: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())

  private var signal: Int32? { state.withLock { $0.signal } }

  /// Runs work and cancels it when a signal comes.
  ///
  /// - Throws: What the work throws; the exit code that shells give to a signal, if one came.
  func cancelling<Value: Sendable>(
    _ work: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    var sources: [any DispatchSourceSignal] = []
    for number in [SIGINT, SIGTERM] { sources.append(await watch(number)) }
    defer { for source in sources { source.cancel() } }
    // Only now, so that no signal comes to work that is not cancelled by it.
    let task = Task(operation: work)
    let isLate = state.withLock { state in
      state.cancel = { task.cancel() }
      return state.signal != nil
    }
    if isLate { task.cancel() }
    do {
      let value = try await task.value
      if let signal { throw ExitCode(128 + signal) }
      return value
    } catch let error as CancellationError {
      if let signal { throw ExitCode(128 + signal) }
      throw error
    }
  }

  /// Takes a signal from now on.
  private func watch(_ number: Int32) async -> any DispatchSourceSignal {
    // The default action would end the process before anything is saved.
    Glibc.signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(
      signal: number, queue: DispatchQueue(label: "gpuml.signals"))
    source.setEventHandler { [self] in
      let cancel = state.withLock { state in
        if state.signal != nil { _exit(128 + number) }
        state.signal = number
        return state.cancel
      }
      cancel?()
    }
    await withCheckedContinuation { continuation in
      source.setRegistrationHandler { continuation.resume() }
      source.resume()
    }
    return source
  }
}
