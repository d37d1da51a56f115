import GPUMLDevice
import Synchronization

/// Memory for what depends on variables alone, such as packed weights: shared by all executions of a
/// store that need the same, and freed with the last of them.
final class PreparedMemory: Sendable {
  private struct Entry {
    weak var buffer: PreparedBuffer?
  }

  private let entries = Mutex<[Preparation: Entry]>([:])

  /// How many preparations have memory.
  var count: Int { entries.withLock { $0.values.count { $0.buffer != nil } } }

  /// The memory of a preparation, made if no execution has it.
  func buffer(
    _ preparation: Preparation, byteCount: Int, label: String, in pool: BufferPool
  ) throws -> PreparedBuffer {
    try entries.withLock { entries in
      if let known = entries[preparation]?.buffer { return known }
      let made = PreparedBuffer(try pool.allocate(max(1, byteCount), label: label))
      entries = entries.filter { $0.value.buffer != nil }
      entries[preparation] = Entry(buffer: made)
      return made
    }
  }
}

/// What a preparation has written, and of which values.
final class PreparedBuffer: Sendable {
  let buffer: Buffer
  /// How often variables had changed when it was written; nil before.
  fileprivate let changes = Mutex<UInt64?>(nil)

  init(_ buffer: Buffer) { self.buffer = buffer }
}

/// A kernel that prepares something.
struct PreparedKernel: Sendable {
  let kernel: Kernel
  let launch: Launch
  let target: PreparedBuffer

  /// Enqueues the kernel unless what it writes is there already.
  ///
  /// - Parameter changes: How often variables have changed.
  func enqueue(in queue: Queue, at changes: UInt64) throws {
    try target.changes.withLock { written in
      if written == changes { return }
      _ = try queue.enqueue(kernel, global: launch.global, local: launch.local)
      written = changes
    }
  }
}
