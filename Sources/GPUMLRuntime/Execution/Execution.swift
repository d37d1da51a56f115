import GPUMLDevice
import GPUMLGraph
import Synchronization

/// What a running plan owns: its arena, its kernels with bound arguments, and two bindings for
/// inputs and outputs, so that one step uploads while another computes.
///
/// A step is only enqueues: no buffer or kernel is made, no argument is set.
package final class Execution: Sendable {
  /// Inputs, results and kernels of one of the two steps that may be in flight.
  private struct Binding: Sendable {
    let inputs: [Buffer]
    let inputStaging: [HostBuffer]
    let outputStaging: HostBuffer
    let kernels: [Kernel]
  }

  package let plan: Plan
  private let store: VariableStore
  private let memory: ExecutionMemory
  private let bindings: [Binding]
  private let preparations: [PreparedKernel]
  /// Where each output begins in the staging memory, then the state block.
  private let outputOffsets: [Int]
  private let outputBuffers: [Buffer]
  private let profile = Mutex<[[Event]]>([])

  package static let bindingCount = 2
  private static let mostProfiledSteps = 500

  package init(_ plan: Plan, store: VariableStore) throws {
    self.plan = plan
    self.store = store
    memory = try ExecutionMemory(plan, store: store)
    var offsets: [Int] = []
    var end = 0
    for output in plan.outputs {
      offsets.append(end)
      end = roundedUp(end + output.byteCount, to: 64)
    }
    offsets.append(end)
    outputOffsets = offsets
    let memory = memory
    preparations = try plan.preparations.compactMap { try memory.preparedKernel($0) }
    bindings = try (0..<Execution.bindingCount).map { _ in
      try Execution.bind(
        plan, memory, store, outputBytes: end + StepState.byteCount)
    }
    // An output may be an input as it came: it lies where that binding's input lies.
    outputBuffers = try plan.outputs.map { try memory.buffer($0.buffer, inputs: []) }
  }

  private static func bind(
    _ plan: Plan, _ memory: ExecutionMemory, _ store: VariableStore, outputBytes: Int
  ) throws -> Binding {
    let inputs = try plan.inputs.map { try memory.allocate($0.byteCount, label: $0.name) }
    let kernels = try plan.launches.map { launch in
      try memory.kernel(launch, inputs: inputs)
    }
    return Binding(
      inputs: inputs,
      inputStaging: try plan.inputs.map { try HostBuffer(byteCount: max(1, $0.byteCount)) },
      outputStaging: try HostBuffer(byteCount: outputBytes), kernels: kernels)
  }

  /// Enqueues a step on a binding that no step in flight uses.
  ///
  /// - Returns: The event after which the outputs of the binding may be read.
  package func enqueue(_ inputs: [HostTensor], binding index: Int) throws -> Event {
    let binding = bindings[index]
    let (compute, transfer) = (store.context.computeQueue, store.context.transferQueue)
    var uploads: [Event] = []
    for (place, value) in inputs.enumerated() {
      try binding.inputStaging[place].copyIn(value)
      let event = try transfer.write(
        from: binding.inputStaging[place], to: binding.inputs[place],
        byteCount: plan.inputs[place].byteCount)
      uploads.append(event)
    }
    if !uploads.isEmpty { try transfer.flush() }
    return try store.enqueuing.withLock { changes in
      if !uploads.isEmpty { try compute.barrier(waitingFor: uploads) }
      try prepare(&changes)
      let events = try enqueueSegments(binding)
      for (place, output) in plan.outputs.enumerated() {
        try compute.read(
          outputBuffer(place, binding), into: binding.outputStaging,
          hostOffset: outputOffsets[place], byteCount: output.byteCount)
      }
      let end = try compute.read(
        store.state, into: binding.outputStaging, hostOffset: outputOffsets[plan.outputs.count],
        byteCount: StepState.byteCount)
      try compute.flush()
      if compute.isProfiling {
        profile.withLock { if $0.count < Execution.mostProfiledSteps { $0.append(events) } }
      }
      return end
    }
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
    _ binding: Binding, only purpose: Plan.Segment.Purpose? = nil
  ) throws -> [Event] {
    let compute = store.context.computeQueue
    var events: [Event] = []
    for segment in plan.segments where purpose == nil || segment.purpose == purpose {
      if segment.launches.lowerBound > 0 { try compute.flush() }
      for index in segment.launches {
        let launch = plan.launches[index]
        let event = try compute.enqueue(
          binding.kernels[index], global: launch.global, local: launch.local,
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
      _ = try enqueueSegments(bindings[index], only: purpose)
      let end = try compute.marker()
      try compute.flush()
      return end
    }
  }

  private func outputBuffer(_ place: Int, _ binding: Binding) -> Buffer {
    if case .input(let input) = plan.buffers[plan.outputs[place].buffer.index].place {
      return binding.inputs[input]
    }
    return outputBuffers[place]
  }

  /// The outputs of a binding whose step has ended.
  package func results(binding index: Int) throws -> StepResults {
    let staging = bindings[index].outputStaging
    var outputs: [String: HostTensor] = [:]
    for (place, output) in plan.outputs.enumerated() {
      outputs[output.name] = try staging.tensor(
        shape: output.shape, dtype: output.dtype, at: outputOffsets[place])
    }
    let words = try staging.array(
      of: UInt32.self, count: 8, at: outputOffsets[plan.outputs.count])
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
