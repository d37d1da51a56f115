import COpenCL
import Glibc
import Synchronization

/// Where a caller posts a launch and helpers find it.
///
/// The helpers' threads keep it alive until `end()` has told them to stop.
final class LaunchBoard: @unchecked Sendable {  // `launch` is written while no helper is at work
  /// The number of the launch, odd while helpers may join it, above the count of those at work.
  private let gate = Atomic<UInt64>(0)
  /// The first work-item that nobody has taken.
  private let next = Atomic<Int>(0)
  private let failure = Atomic<Int32>(CL_SUCCESS)
  private let sleepers = Atomic<Int>(0)
  private let isOver = Atomic<Bool>(false)
  private var launch: SharedLaunch?
  private var threads: [pthread_t] = []
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  private static let countBits: UInt64 = 8
  /// How long a helper asks before it sleeps, in nanoseconds: longer than the host's work between two
  /// steps of a training.
  private static let patience = 200_000

  init(helpers: Int) {
    precondition(helpers < 1 << LaunchBoard.countBits)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Starts a thread that takes its share of every launch; for the maker of the board.
  func startHelper(on queue: Queue) {
    let body = Unmanaged.passRetained(Helper(board: self, queue: queue))
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<Helper>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, body.toOpaque())
    // Without it the others do its work.
    if code == 0 { threads.append(thread) } else { body.release() }
  }

  /// Sends the helpers home and waits until they have let go of their queues.
  func end() {
    isOver.store(true, ordering: .sequentiallyConsistent)
    wakeSleepers()
    for thread in threads { pthread_join(thread, nil) }
    threads = []
  }

  /// Shares a launch and waits until all of it has ended.
  func run(_ launch: SharedLaunch, on queue: Queue) -> Int32 {
    self.launch = launch
    next.store(0, ordering: .relaxed)
    failure.store(CL_SUCCESS, ordering: .relaxed)
    let open = (gate.load(ordering: .relaxed) >> LaunchBoard.countBits) + 1
    gate.store(open << LaunchBoard.countBits, ordering: .sequentiallyConsistent)
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 { wakeSleepers() }
    takeShares(of: launch, on: queue)
    var waiting = Waiting()
    // Closed only when nobody is at work.
    while !gate.compareExchange(
      expected: open << LaunchBoard.countBits, desired: (open + 1) << LaunchBoard.countBits,
      ordering: .acquiringAndReleasing
    ).exchanged {
      waiting.pause()
    }
    return failure.load(ordering: .relaxed)
  }

  /// Waits for a launch after one that is known, and joins it.
  ///
  /// - Returns: The launch's number; nil when there will be none any more.
  fileprivate func join(after known: UInt64) -> UInt64? {
    var waiting = Waiting()
    while !isOver.load(ordering: .relaxed) {
      let current = gate.load(ordering: .acquiring)
      let number = current >> LaunchBoard.countBits
      if number != known, !number.isMultiple(of: 2) {
        if gate.compareExchange(
          expected: current, desired: current + 1, ordering: .acquiringAndReleasing
        ).exchanged {
          return number
        }
      } else if waiting.pause() > LaunchBoard.patience {
        sleep(after: known)
        waiting = Waiting()
      }
    }
    return nil
  }

  /// Takes shares of the launch that was joined.
  fileprivate func help(on queue: Queue) {
    if let launch { takeShares(of: launch, on: queue) }
    gate.subtract(1, ordering: .releasing)
  }

  private func takeShares(of launch: SharedLaunch, on queue: Queue) {
    var begin = next.load(ordering: .relaxed)
    while begin < launch.count {
      let end = min(begin + launch.share.next(of: launch.count - begin), launch.count)
      let (isMine, found) = next.compareExchange(
        expected: begin, desired: end, ordering: .relaxed)
      if isMine {
        let code = launch.run(begin..<end, on: queue)
        if code != CL_SUCCESS {
          failure.store(code, ordering: .relaxed)
          next.store(launch.count, ordering: .relaxed)
        }
        begin = next.load(ordering: .relaxed)
      } else {
        begin = found
      }
    }
  }

  private func sleep(after known: UInt64) {
    pthread_mutex_lock(mutex)
    sleepers.add(1, ordering: .sequentiallyConsistent)
    while !isOver.load(ordering: .sequentiallyConsistent) {
      let number = gate.load(ordering: .sequentiallyConsistent) >> LaunchBoard.countBits
      if number != known, !number.isMultiple(of: 2) { break }
      pthread_cond_wait(condition, mutex)
    }
    sleepers.subtract(1, ordering: .sequentiallyConsistent)
    pthread_mutex_unlock(mutex)
  }

  private func wakeSleepers() {
    pthread_mutex_lock(mutex)
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }
}

/// One thread of a team besides the caller's.
private final class Helper: Sendable {
  private let board: LaunchBoard
  private let queue: Queue

  init(board: LaunchBoard, queue: Queue) {
    self.board = board
    self.queue = queue
  }

  func run() {
    var known: UInt64 = 0
    while let number = board.join(after: known) {
      known = number
      board.help(on: queue)
    }
  }
}

/// Waiting by asking: it lets other threads have the core now and then.
private struct Waiting {
  private var turns = 0
  private var start = 0
  private var passed = 0

  /// Lets a moment pass.
  ///
  /// - Returns: How long the wait has been so far, in nanoseconds, roughly.
  @discardableResult
  mutating func pause() -> Int {
    gpuml_spin_pause()
    turns += 1
    if turns.isMultiple(of: 64) {
      sched_yield()
      let now = Monotonic.nanoseconds
      if start == 0 { start = now }
      passed = now - start
    }
    return passed
  }
}
