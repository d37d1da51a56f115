import COpenCL

/// A command on its way through a queue.
package final class Event: @unchecked Sendable {  // immutable; the driver's calls are thread-safe
  let handle: cl_event
  /// What the command does, for error messages.
  package let command: String
  /// Keeps alive the queue that has to be flushed before anything waits.
  private let queue: Queue

  /// When a team ran the command, in nanoseconds of the host's clock.
  private let ran: (start: UInt64, end: UInt64)?

  init(
    _ handle: cl_event, command: String, queue: Queue, ran: (start: UInt64, end: UInt64)? = nil
  ) {
    self.ran = ran
    self.handle = handle
    self.command = command
    self.queue = queue
  }

  deinit { clReleaseEvent(handle) }

  /// Blocks the calling thread until the command has finished; for threads outside Swift's pool.
  ///
  /// - Throws: `DeviceError.executionFailed` if the command failed.
  package func wait() throws {
    var handle: cl_event? = handle
    let code = queue.inTurn { clWaitForEvents(1, &handle) }
    if code == CL_SUCCESS { return }
    _ = try isComplete()
    throw DeviceError.callFailed(call: "clWaitForEvents", code: code, subject: command)
  }

  /// Waits for the command without blocking a thread: the driver's callback resumes the task.
  ///
  /// The wait cannot be cancelled, as a command on a device cannot.
  ///
  /// - Throws: `DeviceError.executionFailed` if the command failed.
  package func waitAsync() async throws {
    if try isComplete() { return }
    // A callback, other than a blocking wait, does not make the queue hand out its commands.
    try queue.flush()
    // Oclgrind runs everything inside the flush and calls nobody back for what is done by then.
    if try isComplete() { return }
    try await withCheckedThrowingContinuation { (continuation: WaitContinuation) in
      let waiter = Unmanaged.passRetained(Waiter(continuation, command))
      let code = clSetEventCallback(
        handle, CL_COMPLETE,
        { _, status, context in
          guard let context else { return }
          Unmanaged<Waiter>.fromOpaque(context).takeRetainedValue().finish(status)
        }, waiter.toOpaque())
      guard code == CL_SUCCESS else {
        waiter.release()
        continuation.resume(
          throwing: DeviceError.callFailed(
            call: "clSetEventCallback", code: code, subject: command))
        return
      }
    }
  }

  /// Whether the command has finished.
  ///
  /// - Throws: `DeviceError.executionFailed` if the command failed.
  package func isComplete() throws -> Bool {
    var status: cl_int = CL_QUEUED
    try check(
      clGetEventInfo(
        handle, cl_event_info(CL_EVENT_COMMAND_EXECUTION_STATUS), MemoryLayout<cl_int>.size,
        &status, nil), "clGetEventInfo", command)
    if status < 0 { throw DeviceError.executionFailed(command: command, code: status) }
    return status == CL_COMPLETE
  }

  /// Whether the command is known to be over, well or not; memory it uses may then go.
  var hasEnded: Bool {
    do {
      return try isComplete()
    } catch DeviceError.executionFailed {
      return true
    } catch {
      return false
    }
  }

  /// When the command started and ended on the device, in nanoseconds of the device's clock.
  ///
  /// - Throws: `DeviceError.callFailed` unless the context profiles and the command has finished.
  package func times() throws -> (start: UInt64, end: UInt64) {
    try ran ?? (try time(CL_PROFILING_COMMAND_START), try time(CL_PROFILING_COMMAND_END))
  }

  private func time(_ parameter: Int32) throws -> UInt64 {
    var time: cl_ulong = 0
    try check(
      clGetEventProfilingInfo(
        handle, cl_profiling_info(parameter), MemoryLayout<cl_ulong>.size, &time, nil),
      "clGetEventProfilingInfo", command)
    return time
  }
}

private typealias WaitContinuation = CheckedContinuation<Void, any Error>

/// What a driver's callback needs to resume a task.
private final class Waiter: Sendable {
  private let continuation: WaitContinuation
  private let command: String

  init(_ continuation: WaitContinuation, _ command: String) {
    self.continuation = continuation
    self.command = command
  }

  func finish(_ status: Int32) {
    if status < 0 {
      continuation.resume(throwing: DeviceError.executionFailed(command: command, code: status))
    } else {
      continuation.resume()
    }
  }
}

/// Hands the driver a list of events; allocates nothing on the heap.
func withHandles<R>(
  of events: [Event], _ body: (cl_uint, UnsafePointer<cl_event?>?) throws -> R
) rethrows -> R {
  if events.isEmpty { return try body(0, nil) }
  return try withUnsafeTemporaryAllocation(of: cl_event?.self, capacity: events.count) { list in
    for (index, event) in events.enumerated() {
      list.initializeElement(at: index, to: event.handle)
    }
    return try body(cl_uint(clamping: events.count), UnsafePointer(list.baseAddress))
  }
}
