import Synchronization

/// Whose turn it is to call an in-thread device.
///
/// Such a device of PoCL's runs commands inside the calls that enqueue, flush, finish or wait, whichever
/// thread makes them, and keeps one list of them for all its queues. With release 3.1, a command that
/// one thread enqueues while another runs the one before it locks itself out for ever, and `clFinish`
/// doesn't wait for what another thread runs. So these calls come one after the other.
enum CommandTurn {
  /// One for all such devices: they want the same cores, and see `LaunchShare`.
  static let inThread = Mutex<Void>(())
}

extension Queue {
  /// Makes a call that may run commands.
  func inTurn<R>(_ call: () throws -> R) rethrows -> R {
    if !isInThread { return try call() }
    return try CommandTurn.inThread.withLock { _ in try call() }
  }
}
