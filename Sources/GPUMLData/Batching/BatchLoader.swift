/// The batches of one epoch, in order, prepared ahead by background tasks.
///
/// At most `prefetch` batches are being made or wait to be taken. A loader may be iterated several
/// times; each iteration starts anew and gives the same batches. Ending an iteration early, or
/// cancelling its task, cancels what was being prepared.
///
/// ```swift
/// for try await batch in try BatchLoader(source, batchSize: 128, shuffledBy: (seed: 1, epoch: 0)) {
///   // batch.inputs, batch.labels
/// }
/// ```
public struct BatchLoader: AsyncSequence, Sendable {
  /// What the loader gives.
  public typealias Element = Batch

  private let source: any DataSource
  private let order: [UInt32]
  private let batchSize: Int
  private let prefetch: Int
  /// The number of batches.
  public let batchCount: Int

  /// Plans an epoch.
  ///
  /// - Parameters:
  ///   - source: Where batches come from.
  ///   - indices: The examples used; nil for all.
  ///   - batchSize: At least 1.
  ///   - shuffledBy: The seed and epoch of their order; nil for the order given.
  ///   - dropsLastSmallBatch: Leaves out the examples that do not fill a batch.
  ///   - prefetch: How many batches are prepared ahead, at least 1.
  /// - Throws: `DataError.invalidValue` for a batch size or prefetch below 1, or an index below 0 or
  ///   above 4,294,967,295.
  public init(
    _ source: any DataSource, indices: [Int]? = nil, batchSize: Int,
    shuffledBy shuffle: (seed: UInt64, epoch: Int)? = nil, dropsLastSmallBatch: Bool = false,
    prefetch: Int = 2
  ) throws {
    guard batchSize >= 1, prefetch >= 1 else {
      throw DataError.invalidValue(
        operation: "BatchLoader",
        reason: "a batch size of \(batchSize) and a prefetch of \(prefetch); "
          + "both must be at least 1")
    }
    self.source = source
    var order =
      if let indices { try CompactIndices.of(indices) } else {
        try CompactIndices.all(source.count)
      }
    if let shuffle {
      Shuffle.shuffle(
        &order, seed: shuffle.seed, stream: UInt64(truncatingIfNeeded: shuffle.epoch))
    }
    self.order = order
    self.batchSize = batchSize
    self.prefetch = prefetch
    let full = order.count / batchSize
    batchCount = full + (dropsLastSmallBatch || order.count % batchSize == 0 ? 0 : 1)
  }

  /// The examples of one batch, in its order.
  ///
  /// - Precondition: `position` is in `0..<batchCount`.
  func indices(ofBatch position: Int) -> [Int] {
    let start = position * batchSize
    return order[start..<start + Swift.min(batchSize, order.count - start)].map(Int.init)
  }

  /// Starts an iteration at the first batch.
  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(self, start: 0) }

  /// The batches from one position on, as a resumed epoch needs them.
  public func iterator(startingAtBatch position: Int) -> AsyncIterator {
    AsyncIterator(self, start: Swift.max(0, position))
  }

  /// Gives one batch after the other.
  public struct AsyncIterator: AsyncIteratorProtocol {
    private let loader: BatchLoader
    private let ahead = PendingBatches()
    private var next: Int

    init(_ loader: BatchLoader, start: Int) {
      self.loader = loader
      next = start
    }

    /// The next batch, nil after the last.
    ///
    /// - Throws: What the source throws, `CancellationError` if the task is cancelled. Nothing follows
    ///   an error.
    public mutating func next() async throws -> Batch? {
      do {
        try Task.checkCancellation()
        while ahead.tasks.count < loader.prefetch, next < loader.batchCount {
          let indices = loader.indices(ofBatch: next)
          let source = loader.source
          next += 1
          ahead.tasks.append(
            Task.detached {
              try Task.checkCancellation()
              return try await source.batch(indices)
            })
        }
        guard !ahead.tasks.isEmpty else { return nil }
        let task = ahead.tasks.removeFirst()
        return try await withTaskCancellationHandler {
          try await task.value
        } onCancel: {
          task.cancel()
        }
      } catch {
        next = loader.batchCount
        ahead.cancel()
        throw error
      }
    }
  }
}

/// The batches being prepared; a class, so that the end of an iterator cancels them.
private final class PendingBatches {
  var tasks: [Task<Batch, any Error>] = []

  func cancel() {
    for task in tasks { task.cancel() }
    tasks = []
  }

  deinit { cancel() }
}
