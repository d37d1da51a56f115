import GPUMLData
import GPUMLGraph
import GPUMLRuntime

/// Runs batches through a session and reads results two steps late, so that the device never waits
/// for the host.
struct StepPipeline {
  /// How many steps are under way before the results of the first are waited for.
  private static let depth = 2

  /// Runs a step's batch, or the last of its batches.
  let session: Session
  let step: TrainStep
  /// Runs the other batches of a step; nil where each has one.
  var accumulating: Session?
  /// The batches of a step, at least 1; the last step may have fewer.
  var batchesPerStep = 1

  /// Runs all batches; ends early, and returns false, if the task is cancelled.
  ///
  /// - Parameters:
  ///   - loader: The batches.
  ///   - firstBatch: The place of the first one that is run.
  ///   - isOver: Asked before each step but the first whether to end with the one before.
  ///   - willSubmit: Called before the last batch of each step.
  ///   - didFinish: Called with each batch that was submitted, in order, to wait for its results.
  func run(
    _ loader: BatchLoader, from firstBatch: Int = 0, isOver: () -> Bool = { false },
    willSubmit: () throws -> Void = {},
    didFinish: (Batch, PendingStep) async throws -> Void
  ) async throws -> Bool {
    var pending: [(batch: Batch, step: PendingStep)] = []
    var isComplete = true
    let clock = ContinuousClock()
    let begin = clock.now
    var waited = Duration.zero
    do {
      var batches = loader.iterator(startingAtBatch: firstBatch)
      for place in min(firstBatch, loader.batchCount)..<loader.batchCount {
        if place > firstBatch, place % batchesPerStep == 0, isOver() { break }
        let asked = clock.now
        guard let batch = try await next(&batches) else { break }
        waited += clock.now - asked
        let isLast = (place + 1) % batchesPerStep == 0 || place + 1 == loader.batchCount
        if isLast { try willSubmit() }
        let runner = isLast ? session : accumulating ?? session
        pending.append((batch, try await runner.submit(step.inputs(batch))))
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
