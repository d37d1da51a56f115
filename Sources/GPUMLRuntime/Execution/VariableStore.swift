import GPUMLDevice
import GPUMLGraph
import Synchronization

/// The values of variables on one device, and the state block of its steps.
///
/// All sessions of a store share it: what a training step updates, the next validation sees. It may
/// be used from many tasks.
public final class VariableStore: Sendable {
  /// The variables and the names under which they are saved.
  public let variables: [NamedVariable]
  /// The device.
  public let context: DeviceContext
  package let layout: VariableLayout
  package let kernels: KernelLibrary
  package let options: PlanOptions
  let slabs: [Buffer]
  let state: Buffer
  /// Held while the launches of one step are enqueued, so that steps do not mingle; how often
  /// variables have changed.
  let enqueuing = Mutex<UInt64>(0)
  /// What executions have prepared from variables.
  let prepared = PreparedMemory()
  /// Which plans are replayed from command buffers.
  let replays: ReplayChoices
  /// Keeps other steps out while one runs in stages.
  let gate = StepGate()

  /// Places variables on a device and gives them their first values.
  ///
  /// - Parameters:
  ///   - context: The device.
  ///   - variables: Parameters in the order of the model, then slots and statistics; names are
  ///     unique.
  ///   - seed: Of the initial values and of all random numbers.
  /// - Throws: `RuntimeError.invalidVariable` if two share a name; `DeviceError` if the memory does
  ///   not suffice.
  public convenience init(
    _ context: DeviceContext, variables: [NamedVariable], seed: UInt64 = 0
  ) throws {
    var options = PlanOptions.ofEnvironment
    options.disabled = VariantRecord.disabled(on: context)
    options.tuning = TuningRecord.tuning(on: context)
    DebugLog.shared.print(1) {
      options.disabled.isEmpty ? "no kernels are disabled" : "disabled: \(options.disabled.text)"
    }
    for line in options.tuning.lines { DebugLog.shared.print(1) { "tuned: \(line)" } }
    try self.init(context, variables: variables, seed: seed, options: options)
  }

  package init(
    _ context: DeviceContext, variables: [NamedVariable], seed: UInt64, options: PlanOptions
  ) throws {
    var names: Set<String> = []
    for named in variables where !names.insert(named.name).inserted {
      throw RuntimeError.invalidVariable(name: named.name, reason: "two have this name")
    }
    self.context = context
    self.variables = variables
    self.options = options
    kernels = KernelLibrary(context, options: options)
    replays = ReplayChoices(context, mode: options.replay)
    // One launch goes over a whole slab.
    let mostBytes = PlanBuilder.mostElements * MemoryLayout<Float>.size
    layout = VariableLayout(
      variables, alignment: context.device.memoryBaseAlignment,
      limit: min(context.device.maxAllocation, mostBytes), isSeparate: options.isArenaOff)
    let library = kernels
    DebugLog.shared.print(1) {
      "store of \(variables.count) variables on \(context.device): \(context.kernelFamily) "
        + "kernels, vectors of \(library.vectorWidth), memory \(context.pool.statistics)"
    }
    let queue = context.computeQueue
    slabs = try layout.slabs.map { slab in
      let buffer = try context.pool.allocate(slab.byteCount, label: slab.content)
      try queue.zero(buffer, byWriting: options.isArenaOff)
      return buffer
    }
    state = try context.pool.allocate(StepState.byteCount, label: "state")
    var first = StepState()
    first.seed = seed
    try queue.write(HostTensor(first.words), to: state)
    for named in variables where named.variable.initializer != .zeros {
      let variable = named.variable
      let value = try variable.initializer.values(
        shape: variable.shape, dtype: variable.dtype, seed: seed, name: named.name)
      try write(value, to: variable, name: named.name)
    }
  }

  /// The present value of a variable, after all steps submitted before.
  ///
  /// - Throws: `RuntimeError.invalidVariable` if it is not in the store.
  public func value(of variable: Variable) async throws -> HostTensor {
    let range = try layout.range(of: variable)
    let host = try HostBuffer(byteCount: max(1, range.byteCount))
    let event = try context.computeQueue.read(
      slabs[range.slab], offset: range.offset, into: host, byteCount: range.byteCount)
    try context.computeQueue.flush()
    try await event.waitAsync()
    return try host.tensor(shape: variable.shape, dtype: variable.dtype)
  }

  /// Gives a variable another value, which counts for all steps submitted later.
  ///
  /// - Throws: `RuntimeError.invalidVariable` if it is not in the store, or shape or type differ.
  public func setValue(_ value: HostTensor, of variable: Variable) async throws {
    let name = variables.first { $0.variable == variable }?.name ?? "unknown"
    try await write(value, to: variable, name: name).waitAsync()
  }

  @discardableResult
  private func write(_ value: HostTensor, to variable: Variable, name: String) throws -> Event {
    let range = try layout.range(of: variable)
    guard value.shape == variable.shape, value.dtype == variable.dtype else {
      throw RuntimeError.invalidVariable(
        name: name,
        reason: "a value of \(value.dtype) \(value.shape) does not fit "
          + "\(variable.dtype) \(variable.shape)")
    }
    return try enqueuing.withLock { changes in
      changes += 1
      return try context.computeQueue.write(value, to: slabs[range.slab], offset: range.offset)
    }
  }

  /// Sets the learning rate of all steps submitted from now on.
  public func setLearningRate(_ rate: Float) throws {
    try enqueuing.withLock { _ in
      _ = try context.computeQueue.fill(
        state, with: rate.bitPattern, offset: StepState.learningRateOffset, byteCount: 4)
    }
  }

  /// The state block after all steps submitted before.
  public func stepState() async throws -> StepState {
    let host = try HostBuffer(byteCount: StepState.byteCount)
    let event = try context.computeQueue.read(state, into: host, byteCount: StepState.byteCount)
    try context.computeQueue.flush()
    try await event.waitAsync()
    return StepState(words: try host.array(of: UInt32.self, count: 8))
  }

  /// Replaces the state block, as a resumed training run does.
  public func setStepState(_ value: StepState) async throws {
    try await enqueuing.withLock { _ in
      try context.computeQueue.write(HostTensor(value.words), to: state)
    }.waitAsync()
  }
}
