import COpenCL

/// An in-order command queue.
///
/// Any thread may call it. Commands of one queue run one after the other; across queues they are
/// ordered by events only. An in-thread device runs its commands inside `flush`, `finish` and waits.
package final class Queue: @unchecked Sendable {  // the driver's queue calls are thread-safe
  let handle: cl_command_queue
  /// Whether events carry times.
  package let isProfiling: Bool

  /// Whether commands run inside calls.
  let isInThread: Bool
  /// Who shares the launches of an in-thread device.
  private let team: ThreadTeam?

  init(
    context: cl_context, device: Handle, profiling: Bool, isInThread: Bool,
    team: ThreadTeam? = nil
  ) throws {
    let properties =
      profiling ? cl_command_queue_properties(CL_QUEUE_PROFILING_ENABLE) : 0
    var code: cl_int = 0
    let queue = clCreateCommandQueue(context, device.pointer, properties, &code)
    handle = try created(queue, code, "clCreateCommandQueue")
    isProfiling = profiling
    self.isInThread = isInThread
    self.team = team
  }

  deinit { clReleaseCommandQueue(handle) }

  /// Starts a kernel.
  ///
  /// - Parameters:
  ///   - kernel: Every argument is set; the values count at the time of this call.
  ///   - global: The work-items along each dimension, a multiple of `local`. With none of them
  ///     nothing starts.
  ///   - local: The work-items of a work-group; `nil` leaves the choice to the driver.
  ///   - events: Commands of the other queue to wait for.
  ///   - wantsEvent: Whether to make an event for the command.
  /// - Returns: The event, if it was wanted.
  @discardableResult
  package func enqueue(
    _ kernel: Kernel, global: WorkSize, local: WorkSize? = nil, waitingFor events: [Event] = [],
    wantsEvent: Bool = false
  ) throws -> Event? {
    if global.isEmpty || global.isNegative || local?.isNegative == true {
      if global.isEmpty { return wantsEvent ? try marker(waitingFor: events) : nil }
      throw DeviceError.invalidValue(operation: kernel.name, reason: "work size \(global)")
    }
    if let local, local.dimensions != global.dimensions {
      throw DeviceError.invalidValue(
        operation: kernel.name, reason: "work size \(global) in groups of \(local)")
    }
    if let team, local?.isOne == true {
      return try share(
        kernel, global: global, among: team, waitingFor: events, wantsEvent: wantsEvent)
    }
    var event: cl_event?
    let code = withHandles(of: events) { count, list in
      global.withPointer { global_ in
        guard let local else {
          return kernel.launch(
            self, global.dimensions, global_, nil, count, list, wantsEvent, &event)
        }
        return local.withPointer {
          kernel.launch(self, global.dimensions, global_, $0, count, list, wantsEvent, &event)
        }
      }
    }
    try check(
      code, "clEnqueueNDRangeKernel",
      "kernel \(kernel.name), work size \(global)" + (local.map { " in groups of \($0)" } ?? ""))
    return event.map { Event($0, command: kernel.name, queue: self) }
  }

  /// Runs a kernel, which has ended on return.
  private func share(
    _ kernel: Kernel, global: WorkSize, among team: ThreadTeam, waitingFor events: [Event],
    wantsEvent: Bool
  ) throws -> Event? {
    if !events.isEmpty { try barrier(waitingFor: events) }
    // The team has queues of its own.
    try finish()
    let run = kernel.launch(by: team, global: global)
    try check(run.code, "clEnqueueNDRangeKernel", "kernel \(kernel.name), work size \(global)")
    return wantsEvent ? try marker(named: kernel.name, ran: (run.start, run.end)) : nil
  }

  /// An event that completes once everything enqueued before, and the given events, has.
  package func marker(waitingFor events: [Event] = []) throws -> Event {
    try marker(waitingFor: events, named: "marker")
  }

  private func marker(
    waitingFor events: [Event] = [], named name: String, ran: (start: UInt64, end: UInt64)? = nil
  ) throws -> Event {
    var event: cl_event?
    let code = withHandles(of: events) { count, list in
      inTurn { clEnqueueMarkerWithWaitList(handle, count, list, &event) }
    }
    return Event(
      try created(event, code, "clEnqueueMarkerWithWaitList"), command: name, queue: self, ran: ran)
  }

  /// Holds back everything enqueued later until the given events have completed.
  package func barrier(waitingFor events: [Event]) throws {
    try check(
      withHandles(of: events) { count, list in
        inTurn { clEnqueueBarrierWithWaitList(handle, count, list, nil) }
      },
      "clEnqueueBarrierWithWaitList")
  }

  /// Hands the enqueued commands to the device without waiting for them.
  package func flush() throws { try check(inTurn { clFlush(handle) }, "clFlush") }

  /// Blocks the calling thread until every command has finished; not for Swift's own pool.
  package func finish() throws { try check(inTurn { clFinish(handle) }, "clFinish") }

  /// Waits until every command has finished without blocking a thread.
  package func finishAsync() async throws { try await marker().waitAsync() }
}
