import GPUMLGraph
import Synchronization
import Testing

@testable import GPUMLData

/// Counts what is asked of it and fails where told to.
private final class CountingSource: DataSource {
  let count: Int
  let featureShape = [1]
  let failing: Int?
  let asked = Mutex<[[Int]]>([])

  init(count: Int, failing: Int? = nil) {
    self.count = count
    self.failing = failing
  }

  struct Failure: Error {}

  func batch(_ indices: [Int]) async throws -> Batch {
    asked.withLock { $0.append(indices) }
    if let failing, indices.contains(failing) { throw Failure() }
    await Task.yield()
    return try Batch(
      inputs: HostTensor(indices.map { Float($0) }, shape: [indices.count, 1]),
      labels: HostTensor(indices.map { Int32($0) }))
  }
}

/// Never answers until it is cancelled.
private struct StuckSource: DataSource {
  let count = 10
  let featureShape = [1]
  func batch(_ indices: [Int]) async throws -> Batch {
    try await Task.sleep(for: .seconds(60))
    throw CancellationError()
  }
}

@Suite("BatchLoader")
struct BatchLoaderTests {
  private func labels(_ loader: BatchLoader) async throws -> [[Int32]] {
    var all: [[Int32]] = []
    for try await batch in loader { all.append(try batch.labels?.values(as: Int32.self) ?? []) }
    return all
  }

  @Test("batches come in order, the last small one kept or dropped", arguments: [1, 2, 5])
  func order(prefetch: Int) async throws {
    let source = CountingSource(count: 7)
    let loader = try BatchLoader(source, batchSize: 3, prefetch: prefetch)
    #expect(loader.batchCount == 3)
    #expect(try await labels(loader) == [[0, 1, 2], [3, 4, 5], [6]])
    #expect(try await labels(loader) == [[0, 1, 2], [3, 4, 5], [6]])
    let whole = try BatchLoader(
      source, batchSize: 3, dropsLastSmallBatch: true, prefetch: prefetch)
    #expect(whole.batchCount == 2)
    #expect(try await labels(whole) == [[0, 1, 2], [3, 4, 5]])
    let part = try BatchLoader(source, indices: [6, 2], batchSize: 9, prefetch: prefetch)
    #expect(try await labels(part) == [[6, 2]])
    #expect(try await labels(try BatchLoader(source, indices: [], batchSize: 9)) == [])
  }

  @Test("a shuffled epoch holds every example once and can be resumed in its middle")
  func shuffled() async throws {
    let source = CountingSource(count: 50)
    let loader = try BatchLoader(source, batchSize: 8, shuffledBy: (seed: 1, epoch: 3))
    let all = try await labels(loader)
    #expect(all.flatMap { $0 }.sorted() == (0..<50).map { Int32($0) })
    #expect(
      all.flatMap { $0 } == Shuffle.permutation(count: 50, seed: 1, epoch: 3).map { Int32($0) })
    var iterator = loader.iterator(startingAtBatch: 4)
    #expect(try await iterator.next()?.labels?.values(as: Int32.self) == all[4])
    var past = loader.iterator(startingAtBatch: 99)
    #expect(try await past.next() == nil)
  }

  @Test("no more is prepared than the prefetch allows")
  func bounded() async throws {
    let source = CountingSource(count: 100)
    let loader = try BatchLoader(source, batchSize: 1, prefetch: 2)
    var iterator = loader.makeAsyncIterator()
    for taken in 1...20 {
      _ = try await iterator.next()
      #expect(source.asked.withLock { $0.count } <= taken + 1)
    }
  }

  @Test("an error of the source ends the epoch")
  func failure() async throws {
    let loader = try BatchLoader(CountingSource(count: 9, failing: 4), batchSize: 2)
    var iterator = loader.makeAsyncIterator()
    #expect(try await iterator.next() != nil)
    #expect(try await iterator.next() != nil)
    await #expect(throws: CountingSource.Failure.self) { try await iterator.next() }
    #expect(try await iterator.next() == nil)
    #expect(throws: DataError.self) { try BatchLoader(CountingSource(count: 1), batchSize: 0) }
    #expect(throws: DataError.self) {
      try BatchLoader(CountingSource(count: 1), batchSize: 1, prefetch: 0)
    }
  }

  @Test("cancelling the task ends the wait", .timeLimit(.minutes(10)))
  func cancellation() async throws {
    let loader = try BatchLoader(StuckSource(), batchSize: 1)
    let task = Task {
      for try await _ in loader {}
    }
    try await Task.sleep(for: .milliseconds(20))
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}
