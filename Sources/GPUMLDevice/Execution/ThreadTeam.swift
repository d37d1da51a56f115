import COpenCL
import Glibc

/// Threads that share each launch on devices that have none of their own.
///
/// PoCL's in-thread device runs a command in the thread that enqueues it and is done a microsecond
/// after; its threaded device wakes its threads and joins them again. Measured with PoCL 3.1 on two
/// cores, a launch of 32 work-items that take 70 µs in all: 106 µs on the threaded device, 38 µs by a
/// team of two. So a team takes one in-thread device a thread, all in one context, and deals the
/// work-items out by their global offset. Who computes a work-item changes nothing about its result.
///
/// A thread waits for the next launch by asking for a moment, then it sleeps.
final class ThreadTeam: Sendable {
  private let board: LaunchBoard
  /// The caller's queue; the other threads have one each.
  private let queue: Queue
  private let helpers: Int

  /// - Parameter devices: An in-thread device for each thread, the caller's first.
  init(context: ContextHandle, devices: [Handle]) throws {
    let queues = try devices.map {
      try Queue(context: context.pointer, device: $0, profiling: false, isInThread: true)
    }
    guard let first = queues.first else {
      throw DeviceError.noDevice(reason: "a team has no device")
    }
    (queue, helpers, board) = (first, queues.count - 1, LaunchBoard(helpers: queues.count - 1))
    for queue in queues.dropFirst() { board.startHelper(on: queue) }
  }

  deinit { board.end() }

  /// Runs a launch in groups of one work-item; it has ended on return.
  ///
  /// - Parameter work: The time that the kernel has taken all threads together, as far as that is known.
  /// - Returns: OpenCL's code of the first call that failed, or else success; and when it ran.
  func run(_ kernel: cl_kernel, global: WorkSize, work: inout KernelWork) -> SharedRun {
    queue.inTurn {
      let launch = SharedLaunch(
        kernel: kernel, global: global, threads: helpers + 1, work: work)
      let start = Monotonic.nanoseconds
      let code =
        launch.isAlone ? launch.run(0..<launch.count, on: queue) : board.run(launch, on: queue)
      let end = Monotonic.nanoseconds
      work.add(nanoseconds: end - start, threads: launch.isAlone ? 1 : helpers + 1)
      return SharedRun(code: code, start: UInt64(start), end: UInt64(end))
    }
  }
}

/// How a shared launch went.
struct SharedRun: Sendable {
  /// OpenCL's code of the first call that failed, or else success.
  let code: Int32
  /// When it began and ended, in nanoseconds of the host's clock.
  let start: UInt64
  let end: UInt64
}

/// The clock that never goes back: read in the path of every launch, where `ContinuousClock` costs more.
enum Monotonic {
  static var nanoseconds: Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
}

/// What is known about the time a kernel takes.
struct KernelWork: Sendable {
  private enum Known {
    /// It was never launched: the first launch compiles.
    case nothing
    /// It was launched once.
    case compiled
    /// The time of the last launch, all threads together.
    case nanoseconds(Int)
  }

  private var known = Known.nothing
  /// Below this, to share costs more than it gains.
  private static let least = 2500
  /// Above this, small ranges cost little and balance what the threads get done.
  private static let long = 60_000

  /// Whether one thread runs all of it. PoCL compiles a kernel at its first launch, and two threads
  /// would compile it twice.
  var isAlone: Bool {
    switch known {
    case .nothing: true
    case .compiled: false
    case .nanoseconds(let time): time < KernelWork.least
    }
  }

  /// Whether the ranges may be small.
  var isLong: Bool {
    if case .nanoseconds(let time) = known { time > KernelWork.long } else { false }
  }

  mutating func add(nanoseconds: Int, threads: Int) {
    if case .nothing = known {
      known = .compiled
    } else {
      known = .nanoseconds(nanoseconds * threads)
    }
  }
}

/// How many work-items a thread takes at a time.
///
/// As many shares as there are threads are alike, and no later one is larger. PoCL keeps a kernel
/// compiled for launches up to the width of the one that it was compiled for, and counts who uses it
/// without telling two such apart (release 3.1 aborts): so a wider share must not come while another
/// thread runs a narrower one, not even where PoCL has forgotten the kernel since its last launch.
struct LaunchShare: Sendable {
  /// The work-items of the first shares.
  private let first: Int
  /// The work-items that the first shares leave over.
  private let rest: Int
  /// The later shares are never smaller.
  private let least: Int
  private let threads: Int

  init(count: Int, threads: Int, work: KernelWork) {
    // Large shares first, so that few are taken, and small ones last, so that all end together.
    first = max(1, work.isLong ? count * 5 / (8 * threads) : count / threads)
    rest = count - first * threads
    least = work.isLong ? count / (16 * threads) : first
    self.threads = threads
  }

  /// How many to take next, of some that are left.
  func next(of left: Int) -> Int {
    left > rest ? first : min(first, max(1, left * 3 / (4 * threads), least))
  }
}

/// A launch that threads share along one of its dimensions.
struct SharedLaunch: @unchecked Sendable {  // the caller holds the kernel's lock meanwhile
  private let kernel: cl_kernel
  private let sizes: (Int, Int, Int)
  private let axis: Int
  /// The work-items along the dimension that is shared.
  let count: Int
  let share: LaunchShare
  let isAlone: Bool

  init(kernel: cl_kernel, global: WorkSize, threads: Int, work: KernelWork) {
    self.kernel = kernel
    let (x, y, z) = global.extents
    sizes = (x, y, z)
    (axis, count) = x >= max(y, z) ? (0, x) : y >= z ? (1, y) : (2, z)
    isAlone = count < 2 || threads < 2 || work.isAlone
    share = LaunchShare(count: count, threads: threads, work: work)
  }

  /// Runs a range of the work-items and waits for it.
  func run(_ range: Range<Int>, on queue: Queue) -> Int32 {
    // PoCL compiles apart for offsets that are all 0, and counts who uses a kernel without telling the
    // two apart, so that one launch must not have both: kernels take 1 away in the third dimension.
    var offsets = (0, 0, 1)
    var extents = sizes
    switch axis {
    case 0: (offsets.0, extents.0) = (range.lowerBound, range.count)
    case 1: (offsets.1, extents.1) = (range.lowerBound, range.count)
    default: (offsets.2, extents.2) = (range.lowerBound + 1, range.count)
    }
    var ones = (1, 1, 1)
    let code = withUnsafeBytes(of: &offsets) { offsets in
      withUnsafeBytes(of: &extents) { extents in
        withUnsafeBytes(of: &ones) { ones in
          clEnqueueNDRangeKernel(
            queue.handle, kernel, 3, offsets.assumingMemoryBound(to: Int.self).baseAddress,
            extents.assumingMemoryBound(to: Int.self).baseAddress,
            ones.assumingMemoryBound(to: Int.self).baseAddress, 0, nil, nil)
        }
      }
    }
    return code == CL_SUCCESS ? clFinish(queue.handle) : code
  }
}
