import GPUMLGraph
import GPUMLSystem

/// How long steps keep the threads that call for them: the time these compute, waits excluded.
///
/// Most of a step's work is the device's. What is left to the host is to check the inputs, to copy
/// them, to enqueue the launches, and to copy the results out.
package struct HostTime: Sendable {
  /// Seconds of each step, in ascending order.
  private let sorted: [Double]

  /// Runs steps one after the other.
  ///
  /// - Parameter inputs: Those of each step.
  /// - Throws: What the session's steps throw.
  package init(_ session: Session, _ inputs: [[String: HostTensor]]) async throws {
    var times: [Double] = []
    times.reserveCapacity(inputs.count)
    for values in inputs {
      let start = ProcessUsage.threadTime
      let step = try await session.submit(values)
      let submitted = ProcessUsage.threadTime.seconds(since: start)
      try await step.ended()
      let ended = ProcessUsage.threadTime
      _ = try await step.outputs()
      let copied = ProcessUsage.threadTime.seconds(since: ended)
      // What went on in another thread, after a wait, cannot be told from that thread's other work.
      if let submitted, let copied { times.append(submitted + copied) }
    }
    sorted = times.sorted()
  }

  /// The middle step; nil if none could be measured.
  package var median: Double? { sorted.isEmpty ? nil : sorted[sorted.count / 2] }
}
