import GPUMLData
import GPUMLGraph
import GPUMLRuntime

extension Model {
  /// How many batches are under way before the results of the first are waited for.
  private static let depth = 2

  /// Predicts all examples of a source in memory for a few batches, however many there are.
  ///
  /// - Parameters:
  ///   - source: Gives the model's inputs, as `prepared(_:)` does; its labels are not looked at.
  ///   - batchSize: How many examples are run at a time, at least 1.
  ///   - each: Called with the predictions of one batch after the other, in order.
  /// - Throws: `InferenceError.invalidInput` if the inputs do not fit; what the source and `each`
  ///   throw; `CancellationError`; `DeviceError`.
  public func predict(
    _ source: any DataSource, batchSize: Int = 256,
    each: (Predictions) async throws -> Void
  ) async throws {
    try await run(source, batchSize: batchSize) { _, results in
      try await each(predictions(in: results))
    }
  }

  /// Predicts all examples that a reader gives, in memory for a few batches, however many there are.
  ///
  /// - Parameters:
  ///   - reader: Opened for this model's `preprocessing`; it is read to its end.
  ///   - batchSize: How many examples are run at a time, at least 1.
  ///   - asTheyCome: Whether each row is predicted as soon as it has come, together with those that have
  ///     come with it; else rows are waited for until there are some batches of them.
  ///   - each: Called with the predictions of one batch after the other, in order.
  /// - Throws: As the other `predict`; `DataError` where the reader's source is at fault.
  public func predict(
    _ reader: DatasetReader, batchSize: Int = 256, asTheyCome: Bool = false,
    each: (Predictions) async throws -> Void
  ) async throws {
    if asTheyCome {
      while let piece = try await Model.reading(reader, batchSize, waits: false).stoppableValue {
        try await run(prepared(piece), batchSize: batchSize) { _, results in
          try await each(predictions(in: results))
        }
      }
      return
    }
    let count = content.pieceSize(batchSize: batchSize)
    var next = Model.reading(reader, count)
    defer { next.cancel() }
    try await run(batchSize: batchSize) {
      guard let piece = try await next.stoppableValue else { return nil }
      next = Model.reading(reader, count)
      return try prepared(piece)
    } each: { _, results in
      try await each(predictions(in: results))
    }
  }

  /// Reads examples while others are predicted.
  private static func reading(
    _ reader: DatasetReader, _ count: Int, waits: Bool = true
  ) -> Task<Dataset?, any Error> {
    Task { try await reader.next(count, waits: waits) }
  }

  private func predictions(in results: [String: HostTensor]) throws -> Predictions {
    let name = task == .classify ? ModelContent.probabilities : ModelContent.prediction
    return predictions(try Model.floats(name, in: results))
  }

  /// Runs all batches of a source, two ahead of the results.
  func run(
    _ source: any DataSource, batchSize: Int,
    each: (Batch, [String: HostTensor]) async throws -> Void
  ) async throws {
    var rest: (any DataSource)? = source
    try await run(
      batchSize: batchSize,
      next: {
        defer { rest = nil }
        return rest
      }, each: each)
  }

  /// Runs all batches of one source after the other, two ahead of the results.
  private func run(
    batchSize: Int, next: () async throws -> (any DataSource)?,
    each: (Batch, [String: HostTensor]) async throws -> Void
  ) async throws {
    var pending: [(batch: Batch, step: PendingStep)] = []
    do {
      while let source = try await next() {
        // Batches of nearly the same size: a small last one would want kernels of its own.
        let batchCount = max(1, (max(1, source.count) - 1) / max(1, batchSize) + 1)
        let loader = try BatchLoader(
          source,
          batchSize: batchSize < 1 ? batchSize : max(1, (source.count - 1) / batchCount + 1))
        for try await batch in loader {
          pending.append((batch, try await submit(batch)))
          if pending.count > Model.depth {
            let first = pending.removeFirst()
            try await each(first.batch, first.step.outputs())
          }
        }
      }
      while !pending.isEmpty {
        let first = pending.removeFirst()
        try await each(first.batch, first.step.outputs())
      }
    } catch {
      // Nothing stays under way behind the caller's back; the first error is the one that counts.
      for rest in pending { _ = try? await rest.step.outputs() }
      throw error
    }
  }

  private func submit(_ batch: Batch) async throws -> PendingStep {
    guard Array(batch.inputs.shape.dropFirst()) == preprocessing.inputShape else {
      throw InferenceError.invalidInput(
        reason: "examples of shape \(batch.inputs.shape.dropFirst()) where the model takes "
          + "\(preprocessing.inputShape)")
    }
    return try await content.checkingGraph {
      try await session.submit([content.inputName: batch.inputs])
    }
  }

  static func floats(_ name: String, in results: [String: HostTensor]) throws -> [Float] {
    try results[name]?.values(as: Float.self) ?? []
  }
}

extension Task where Failure == any Error {
  /// What the task gives; it is cancelled with who waits for it.
  fileprivate var stoppableValue: Success {
    get async throws {
      try await withTaskCancellationHandler {
        try await value
      } onCancel: {
        cancel()
      }
    }
  }
}

extension ModelContent {
  /// The most numbers of a table's rows that are read at a time, and the most batches.
  private static let mostNumbers = 1 << 21
  private static let mostBatches = 16

  /// How many rows of a table are read at a time: some batches, so that the last of all are of nearly
  /// the same size.
  package func pieceSize(batchSize: Int) -> Int {
    let width = max(1, preprocessing.featureShape.reduce(1, *))
    let batches = ModelContent.mostNumbers / width / max(1, batchSize)
    return max(1, batchSize) * min(max(1, batches), ModelContent.mostBatches)
  }
}
