import GPUMLDevice
import GPUMLGraph
import Synchronization

/// What a running plan owns: its arena, its kernels with bound arguments, and two bindings for
/// inputs and outputs, so that one step uploads while another computes.
///
/// A step is only enqueues: no buffer or kernel is made, no argument is set, but for what lends large
/// inputs to a device that shares the host's memory.
package final class Execution: Sendable {
  package let plan: Plan
  private let store: VariableStore
  private let memory: ExecutionMemory
  private let bindings: [StepBinding]
  private let preparations: [PreparedKernel]
  private let staging: StepStaging
  private let outputBuffers: [Buffer]
  /// Whether the device reads inputs from where they are, on the queue for transfers if it can do so
  /// while the step before computes.
  private let readsInPlace: Bool
  /// The inputs that need not be copied at all.
  private let lendable: [Int]
  private let replay: Replay
  private let profile = Mutex<[[Event]]>([])

  package static let bindingCount = 2
  private static let mostProfiledSteps = 500
  /// Inputs of fewer bytes are copied twice sooner than two queues have waited for one another.
  private static let fewInputBytes = 1 << 16
  /// Inputs of fewer bytes are copied sooner than they are lent.
  private static let leastLentBytes = 1 << 14

  package init(_ plan: Plan, store: VariableStore) throws {
    self.plan = plan
    self.store = store
    memory = try ExecutionMemory(plan, store: store)
    let inputBytes = plan.inputs.reduce(0) { $0 + $1.byteCount }
    readsInPlace = inputBytes > Execution.fewInputBytes
    // What is an output as well is read from the binding's own memory.
    let returned = plan.outputs.map { plan.buffers[$0.buffer.index].place }
    lendable =
      readsInPlace && store.context.readsHostMemory
      ? plan.inputs.indices.filter {
        plan.inputs[$0].byteCount >= Execution.leastLentBytes && !returned.contains(.input($0))
      } : []
    let (memory, staging) = (memory, StepStaging(plan, stagesInputs: !readsInPlace))
    self.staging = staging
    preparations = try plan.preparations.compactMap { try memory.preparedKernel($0) }
    bindings = try (0..<Execution.bindingCount).map { _ in
      try StepBinding(plan, memory, staging)
    }
    replay = Replay(store.replays, plan, bindings, on: store.context.computeQueue)
    // An output may be an input as it came: it lies where that binding's input lies.
    outputBuffers = try plan.outputs.map { try memory.buffer($0.buffer, inputs: []) }
  }

  /// Enqueues a step on a binding that no step in flight uses.
  ///
  /// - Parameter leavesInputs: Whether the inputs have to stay in the binding, for `enqueueLaunches`.
  /// - Returns: The event after which the outputs of the binding may be read.
  package func enqueue(
    _ inputs: [HostTensor], binding index: Int, leavesInputs: Bool = true
  ) throws -> Event {
    let binding = bindings[index]
    let compute = store.context.computeQueue
    if !readsInPlace {
      for (place, value) in inputs.enumerated() {
        try binding.staging.copyIn(value, at: staging.inputs[place])
      }
    }
    // What an in-thread device copies, it copies now.
    let isBeside = readsInPlace && !store.context.device.isInThread
    do {
      let transfer = store.context.transferQueue
      let uploaded = isBeside ? try upload(inputs, binding, on: transfer) : nil
      return try store.enqueuing.withLock { changes in
        if let uploaded { try compute.barrier(waitingFor: [uploaded]) }
        if !readsInPlace { try upload(binding) }
        let lent = leavesInputs ? [] : lendable
        do {
          if readsInPlace && !isBeside {
            try upload(inputs, binding, on: compute, lending: lent)
          }
          try prepare(&changes)
          let events = try enqueueSegments(index)
          let end = try download(binding)
          try compute.flush()
          try takeBack(lent, binding)
          replay.fill(index)
          if compute.isProfiling {
            profile.withLock { if $0.count < Execution.mostProfiledSteps { $0.append(events) } }
          }
          return end
        } catch {
          // Launches that have not run yet still read what was lent to them.
          if !lent.isEmpty { try? compute.finish() }
          try? takeBack(lent, binding)
          throw error
        }
      }
    } catch {
      for queue in [store.context.transferQueue, compute] {
        if let end = try? queue.marker() { binding.staging.keep(until: end) }
      }
      throw error
    }
  }

  /// Copies the inputs from the staging memory to the device.
  private func upload(_ binding: StepBinding) throws {
    for (place, buffer) in binding.inputs.enumerated() {
      try store.context.computeQueue.upload(
        from: binding.staging, hostOffset: staging.inputs[place], to: buffer,
        byteCount: staging.inputBytes[place])
    }
  }

  /// Lets the binding's launches, which have run, read inputs from its own memory again.
  private func takeBack(_ lent: [Int], _ binding: StepBinding) throws {
    var failure: (any Error)?
    for place in lent {
      do { try binding.bind(binding.inputs[place], asInput: place) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// Copies the inputs to the device from where they are.
  ///
  /// - Parameter lent: Which are not copied: launches read them where they are.
  /// - Returns: What launches of another queue have to wait for.
  @discardableResult
  private func upload(
    _ inputs: [HostTensor], _ binding: StepBinding, on queue: Queue, lending lent: [Int] = []
  ) throws -> Event? {
    var last: Event?
    for (place, value) in inputs.enumerated() {
      let array = value.held
      if lent.contains(place) {
        let buffer = try Buffer(
          lending: array, to: store.context, label: plan.inputs[place].name)
        try binding.bind(buffer, asInput: place)
        continue
      }
      guard let event = try queue.upload(array, to: binding.inputs[place]) else { continue }
      binding.staging.keep(until: event, holding: array)
      last = event
    }
    try queue.flush()
    return last
  }

  /// Copies the outputs and the state block to the host.
  private func download(_ binding: StepBinding) throws -> Event {
    let compute = store.context.computeQueue
    for (place, output) in plan.outputs.enumerated() {
      try compute.download(
        outputBuffer(place, binding), to: binding.staging, hostOffset: staging.outputs[place],
        byteCount: output.byteCount)
    }
    return try compute.read(
      store.state, into: binding.staging, hostOffset: staging.outputs[plan.outputs.count],
      byteCount: StepState.byteCount)
  }

  /// Enqueues what the variables' changes so far ask for, and counts those of this step.
  private func prepare(_ changes: inout UInt64) throws {
    for kernel in preparations { try kernel.enqueue(in: store.context.computeQueue, at: changes) }
    if plan.hasUpdates { changes += 1 }
  }

  /// Enqueues all launches, and sets the device to work after each segment but the last.
  ///
  /// - Parameter purpose: Only the segments of this purpose; nil for all.
  private func enqueueSegments(
    _ index: Int, only purpose: Plan.Segment.Purpose? = nil
  ) throws -> [Event] {
    let compute = store.context.computeQueue
    let binding = bindings[index]
    var events: [Event] = []
    for (place, segment) in plan.segments.enumerated()
    where purpose == nil || segment.purpose == purpose {
      if segment.launches.lowerBound > 0 { try compute.flush() }
      if replay.start(segment: place, binding: index) { continue }
      for number in segment.launches {
        let launch = binding.launches[number]
        let event = try compute.enqueue(
          launch.kernel, global: launch.global, local: launch.local,
          wantsEvent: compute.isProfiling)
        if let event { events.append(event) }
      }
    }
    return events
  }

  /// Enqueues the launches alone, on the inputs that a step has left in a binding: for measuring.
  ///
  /// - Parameter purpose: Only the segments of this purpose; nil for all.
  package func enqueueLaunches(
    binding index: Int = 0, only purpose: Plan.Segment.Purpose? = nil
  ) throws -> Event {
    let compute = store.context.computeQueue
    return try store.enqueuing.withLock { changes in
      try prepare(&changes)
      _ = try enqueueSegments(index, only: purpose)
      let end = try compute.marker()
      try compute.flush()
      return end
    }
  }

  /// Whether launches are replayed from command buffers.
  package var isReplayed: Bool { replay.isUsed }

  /// Whether it should be measured which way to start the launches is faster, now that a binding that
  /// no step in flight uses holds a step's inputs.
  func isReplayDue(binding index: Int) -> Bool { replay.isDue(index) }

  /// Measures which way to start the launches is faster, and keeps to it; blocks the thread.
  func chooseReplay(binding index: Int) {
    replay.decide {
      try store.context.computeQueue.finish()
      let start = ContinuousClock.now
      try enqueueLaunches(binding: index, only: .computation).wait()
      return (ContinuousClock.now - start) / .seconds(1)
    }
  }

  private func outputBuffer(_ place: Int, _ binding: StepBinding) -> Buffer {
    if case .input(let input) = plan.buffers[plan.outputs[place].buffer.index].place {
      return binding.inputs[input]
    }
    return outputBuffers[place]
  }

  /// The outputs of a binding whose step has ended.
  package func results(binding index: Int) throws -> StepResults {
    let host = bindings[index].staging
    var outputs: [String: HostTensor] = [:]
    for (place, output) in plan.outputs.enumerated() {
      outputs[output.name] = try host.tensor(
        shape: output.shape, dtype: output.dtype, at: staging.outputs[place])
    }
    let words = try host.array(
      of: UInt32.self, count: 8, at: staging.outputs[plan.outputs.count])
    return StepResults(outputs: outputs, state: StepState(words: words))
  }

  /// The time of each launch over the steps so far, if the queue is profiling.
  package func profileText() -> String? {
    let steps = profile.withLock { $0 }
    if steps.isEmpty { return nil }
    var lines = ["kernels, mean of \(steps.count) steps:"]
    for (index, launch) in plan.launches.enumerated() {
      let times = steps.compactMap { try? $0[index].times() }.map { Double($0.end - $0.start) }
      let mean = times.reduce(0, +) / Double(max(times.count, 1)) / 1000
      lines.append("  \(index) \(launch.label): \((mean * 10).rounded() / 10) µs")
    }
    return lines.joined(separator: "\n")
  }

  deinit {
    DebugLog.shared.print(3) { profileText() ?? "kernels: not timed" }
  }
}

/// What a step computed.
package struct StepResults: Sendable {
  package let outputs: [String: HostTensor]
  package let state: StepState
}
