import COpenCL
import Synchronization

/// Gives out device memory within a budget and keeps what comes back for the next request.
///
/// The budget is checked before the driver is asked, because PoCL aborts the process where another
/// driver would report that memory is short.
package final class BufferPool: Sendable {
  /// What the pool holds, in bytes.
  package struct Statistics: Sendable, Equatable, CustomStringConvertible {
    /// Memory that buffers use now.
    package internal(set) var inUse = 0
    /// The most that was ever in use at once.
    package internal(set) var peak = 0
    /// Memory kept for later requests, or where none is given out again, until the budget needs it.
    package internal(set) var cached = 0
    /// The most that may be in use and cached together.
    package internal(set) var budget: Int
    /// How many times the driver was asked for memory.
    package internal(set) var allocations = 0

    package var description: String {
      "\(inUse) bytes in use, \(cached) cached, budget \(budget)"
    }
  }

  private struct Cached {
    let memory: Handle
    /// Its place in the order of returns, to know whether a fence has passed since.
    let returned: UInt64
  }

  private struct State {
    var statistics: Statistics
    var free: [Int: [Cached]] = [:]
    var returns: UInt64 = 0
    var fenced: UInt64 = 0
  }

  let alignment: Int
  private let context: ContextHandle
  private let maxAllocation: Int
  private let reusesMemory: Bool
  private let state: Mutex<State>
  /// Makes later commands of every queue wait for the earlier ones of all queues.
  private let fence: @Sendable () throws -> Void

  /// - Parameter reusesMemory: Whether what came back is given out again, for which sizes are rounded up.
  ///   Where it is not, a tool that watches memory sees what is read beyond a tensor's end or of what its
  ///   predecessor left, and Oclgrind, which knows only as much of a buffer as the host first wrote into
  ///   it, sees all of it.
  init(
    context: ContextHandle, device: Device, budget: Int, reusesMemory: Bool,
    fence: @escaping @Sendable () throws -> Void
  ) {
    self.context = context
    alignment = device.memoryBaseAlignment
    maxAllocation = device.maxAllocation
    self.reusesMemory = reusesMemory
    state = Mutex(State(statistics: Statistics(budget: budget)))
    self.fence = fence
  }

  deinit { trim() }

  package var statistics: Statistics { state.withLock { $0.statistics } }

  /// Lets the peak be the most that is in use from now on.
  package func resetPeak() { state.withLock { $0.statistics.peak = $0.statistics.inUse } }

  /// A buffer of at least the given bytes, its contents undefined.
  ///
  /// - Throws: `DeviceError.outOfMemory` if it does not fit in the budget or in one allocation.
  package func allocate(_ byteCount: Int, label: String) throws -> Buffer {
    guard byteCount >= 0 else {
      throw DeviceError.invalidValue(operation: label, reason: "\(byteCount) bytes")
    }
    if byteCount > maxAllocation {
      throw DeviceError.outOfMemory(
        label: label, bytes: byteCount,
        reason: "the device allocates at most \(maxAllocation) bytes at once (\(statistics))")
    }
    let capacity =
      reusesMemory
      ? min(max(byteCount, BufferPool.sizeClass(of: byteCount)), maxAllocation) : max(1, byteCount)
    if reusesMemory, let memory = try reuse(capacity) {
      return Buffer(memory, label: label, byteCount: byteCount, capacity: capacity, pool: self)
    }
    let reserved = try reserve(byteCount, capacity, label)
    do {
      let memory = try create(reserved, label)
      return Buffer(memory, label: label, byteCount: byteCount, capacity: reserved, pool: self)
    } catch {
      state.withLock { $0.statistics.inUse -= reserved }
      throw error
    }
  }

  /// Returns the cached memory to the driver.
  package func trim() {
    for memory in state.withLock({ BufferPool.evict(&$0, atLeast: .max) }) {
      clReleaseMemObject(memory.pointer)
    }
  }

  func takeBack(_ memory: Handle, capacity: Int) {
    state.withLock { state in
      state.returns += 1
      state.statistics.inUse -= capacity
      state.statistics.cached += capacity
      state.free[capacity, default: []].append(Cached(memory: memory, returned: state.returns))
    }
  }

  /// Rounds up to an eighth of the power of two below, so that at most an eighth is wasted.
  static func sizeClass(of byteCount: Int) -> Int {
    let smallest = 256
    if byteCount <= smallest { return smallest }
    let step = max(smallest, 1 << (Int.bitWidth - 1 - byteCount.leadingZeroBitCount - 3))
    let (rounded, overflow) = byteCount.addingReportingOverflow(step - 1)
    return overflow ? byteCount : rounded / step * step
  }

  private func reuse(_ capacity: Int) throws -> Handle? {
    let found: (cached: Cached, returns: UInt64)? = state.withLock { state in
      guard let cached = state.free[capacity]?.popLast() else { return nil }
      state.statistics.cached -= capacity
      BufferPool.count(capacity, &state)
      return (cached, cached.returned > state.fenced ? state.returns : 0)
    }
    guard let found else { return nil }
    if found.returns > 0 {
      // Commands on another queue may still use the memory under its former owner.
      do { try fence() } catch {
        takeBack(found.cached.memory, capacity: capacity)
        throw error
      }
      state.withLock { $0.fenced = max($0.fenced, found.returns) }
    }
    return found.cached.memory
  }

  /// Claims a part of the budget, the exact size where the size class does not fit.
  private func reserve(_ byteCount: Int, _ capacity: Int, _ label: String) throws -> Int {
    let (claimed, evicted): (Int?, [Handle]) = state.withLock { state in
      let room = state.statistics.budget - state.statistics.inUse
      let size = capacity <= room ? capacity : max(1, byteCount)
      if size > room { return (nil, []) }
      let evicted = BufferPool.evict(&state, atLeast: state.statistics.cached + size - room)
      BufferPool.count(size, &state)
      return (size, evicted)
    }
    for memory in evicted { clReleaseMemObject(memory.pointer) }
    guard let claimed else {
      throw DeviceError.outOfMemory(
        label: label, bytes: byteCount, reason: "the memory budget is spent (\(statistics))")
    }
    return claimed
  }

  private static func count(_ bytes: Int, _ state: inout State) {
    state.statistics.inUse += bytes
    state.statistics.peak = max(state.statistics.peak, state.statistics.inUse)
  }

  /// Takes cached memory out of the pool, the largest first, until enough is free.
  private static func evict(_ state: inout State, atLeast bytes: Int) -> [Handle] {
    var evicted: [Handle] = []
    var missing = bytes
    while missing > 0, let largest = state.free.filter({ !$0.value.isEmpty }).keys.max() {
      guard let cached = state.free[largest]?.popLast() else { break }
      evicted.append(cached.memory)
      state.statistics.cached -= largest
      missing -= largest
    }
    return evicted
  }

  /// Asks the driver, and once more without the cache if it has nothing left.
  private func create(_ capacity: Int, _ label: String) throws -> Handle {
    func attempt() throws -> Handle {
      var code: cl_int = 0
      let memory = clCreateBuffer(
        context.pointer, cl_mem_flags(CL_MEM_READ_WRITE), capacity, nil, &code)
      return Handle(pointer: try created(memory, code, "clCreateBuffer", label))
    }
    state.withLock { $0.statistics.allocations += 1 }
    do { return try attempt() } catch let error as DeviceError where error.isOutOfMemory {
      trim()
      do { return try attempt() } catch let error as DeviceError where error.isOutOfMemory {
        throw DeviceError.outOfMemory(
          label: label, bytes: capacity, reason: "\(error) (\(statistics))")
      }
    }
  }
}
