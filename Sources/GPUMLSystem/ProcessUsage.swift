import Glibc

/// What the calling thread and this process have used of the machine.
package enum ProcessUsage {
  /// The time that the calling thread has computed, in nanoseconds, and which thread it is.
  package struct ThreadTime: Sendable {
    package let nanoseconds: UInt64
    package let thread: UInt

    /// The seconds that the thread has computed since an earlier moment; nil if that was another
    /// thread's.
    package func seconds(since earlier: ThreadTime) -> Double? {
      guard thread == earlier.thread, nanoseconds >= earlier.nanoseconds else { return nil }
      return Double(nanoseconds - earlier.nanoseconds) * 1e-9
    }
  }

  package static var threadTime: ThreadTime {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return ThreadTime(
      nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec),
      thread: UInt(pthread_self()))
  }

  /// The most memory that the process has had resident so far, in bytes.
  package static var peakResidentBytes: Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
  }
}
