import Dispatch

/// Work that blocks its thread, such as compiling, kept off Swift's cooperative threads.
enum Blocking {
  private static let queue = DispatchQueue(label: "gpuml.blocking", attributes: .concurrent)

  /// Runs `work` on a thread of its own and returns its result.
  static func run<Result: Sendable>(
    _ work: @escaping @Sendable () throws -> Result
  ) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Swift.Result { try work() }) }
    }
  }
}
