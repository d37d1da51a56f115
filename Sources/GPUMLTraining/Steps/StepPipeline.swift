import GPUMLData
import GPUMLGraph
import GPUMLRuntime

/// Runs batches through a session and reads results two steps late, so that the device never waits
/// for the host.
struct StepPipeline {
  /// How many steps are under way before the results of the first are waited for.
  private static let depth = 2

  let session: Session
  let step: TrainStep

  /// Runs all batches; ends early, and returns false, if the task is cancelled.
  ///
  /// - Parameters:
  ///   - loader: The batches.
  ///   - firstBatch: The place of the first one that is run.
  ///   - willSubmit: Called before each step.
  ///   - didFinish: Called with each step that was submitted, in order, to wait for its results.
  func run(
    _ loader: BatchLoader, from firstBatch: Int = 0, willSubmit: () throws -> Void = {},
    didFinish: (Batch, PendingStep) async throws -> Void
  ) async throws -> Bool {
    var pending: [(batch: Batch, step: PendingStep)] = []
    var isComplete = true
    let clock = ContinuousClock()
    let begin = clock.now
    var waited = Duration.zero
    do {
      var batches = loader.iterator(startingAtBatch: firstBatch)
      while true {
        let asked = clock.now
        guard let batch = try await next(&batches) else { break }
        waited += clock.now - asked
        try willSubmit()
        pending.append((batch, try await session.submit(step.inputs(batch))))
        if pending.count > StepPipeline.depth {
          let first = pending.removeFirst()
          try await didFinish(first.batch, first.step)
        }
      }
      isComplete = !Task.isCancelled
      while !pending.isEmpty {
        let first = pending.removeFirst()
        try await didFinish(first.batch, first.step)
      }
    } catch {
      // Nothing stays under way behind the caller's back; the first error is the one that counts.
      for rest in pending { _ = try? await rest.step.outputs() }
      throw error
    }
    // The device waits less, as it may still be busy with the steps before.
    DebugLog.shared.print(2) {
      let seconds = (clock.now - begin).inSeconds
      return "waited \(waited.inSeconds.fixed(3)) s of \(seconds.fixed(3)) s for batches"
    }
    return isComplete
  }

  /// The next batch, nil after the last and once the task is cancelled.
  private func next(_ batches: inout BatchLoader.AsyncIterator) async throws -> Batch? {
    if Task.isCancelled { return nil }
    do {
      return try await batches.next()
    } catch is CancellationError where Task.isCancelled {
      return nil
    }
  }
}
