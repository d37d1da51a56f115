import GPUMLDevice
import GPUMLGraph

/// The device memory behind the buffers of a plan.
struct ExecutionMemory: Sendable {
  private let plan: Plan
  private let store: VariableStore
  private let arena: Buffer?
  private let ownBuffers: [BufferID: Buffer]
  private let constants: [Buffer]
  private let gradients: [Int: Buffer]
  private let prepared: [Preparation: PreparedBuffer]

  init(_ plan: Plan, store: VariableStore) throws {
    self.plan = plan
    self.store = store
    let (pool, queue) = (store.context.pool, store.context.computeQueue)
    if store.options.isArenaOff {
      arena = nil
      ownBuffers = try Dictionary(
        uniqueKeysWithValues: plan.memory.offsets.keys.map { buffer in
          let planned = plan.buffers[buffer.index]
          return (buffer, try pool.allocate(planned.byteCount, label: planned.label))
        })
    } else {
      arena = try pool.allocate(
        max(1, plan.memory.byteCount), label: ExecutionMemory.arenaLabel(plan))
      ownBuffers = [:]
    }
    var prepared: [Preparation: PreparedBuffer] = [:]
    for buffer in plan.buffers {
      guard case .prepared(let preparation) = buffer.place else { continue }
      prepared[preparation] = try store.prepared.buffer(
        preparation, byteCount: buffer.byteCount, label: buffer.label, in: pool)
    }
    self.prepared = prepared
    constants = try plan.constants.map { value in
      let buffer = try pool.allocate(
        max(1, value.count * value.dtype.byteCount), label: "constant")
      try queue.write(value, to: buffer)
      return buffer
    }
    var gradients: [Int: Buffer] = [:]
    for (slab, byteCount) in plan.gradientSlabs {
      let buffer = try pool.allocate(
        max(1, byteCount), label: "gradients of \(store.layout.slabs[slab].content)")
      // The padding between gradients stays zero, so that whole slabs can be checked and updated.
      try queue.zero(buffer, byWriting: store.options.isArenaOff)
      gradients[slab] = buffer
    }
    self.gradients = gradients
  }

  /// What the arena is for: the launch that writes its largest tensor says most.
  private static func arenaLabel(_ plan: Plan) -> String {
    let buffers = plan.memory.offsets.keys.sorted { $0.index < $1.index }
      .map { plan.buffers[$0.index] }
    guard let largest = buffers.max(by: { $0.byteCount < $1.byteCount }) else { return "arena" }
    return "arena (\(buffers.count) tensors, the largest \(largest.label) of "
      + "\(largest.byteCount) bytes)"
  }

  func allocate(_ byteCount: Int, label: String) throws -> Buffer {
    try store.context.pool.allocate(max(1, byteCount), label: label)
  }

  /// The memory of a buffer of the plan.
  func buffer(_ identifier: BufferID, inputs: [Buffer]) throws -> Buffer {
    let planned = plan.buffers[identifier.index]
    switch planned.place {
    case .input(let index): return index < inputs.count ? inputs[index] : store.state
    case .constant(let index): return constants[index]
    case .state: return store.state
    case .variables(let range):
      return try part(of: store.slabs[range.slab], range, label: planned.label)
    case .gradients(let range):
      guard let slab = gradients[range.slab] else {
        throw RuntimeError.unsupported(primitive: "gradient", reason: "its slab is missing")
      }
      return try part(of: slab, range, label: planned.label)
    case .prepared(let preparation):
      return prepared[preparation]?.buffer ?? store.state
    case .arena:
      if let own = ownBuffers[identifier] { return own }
      guard let arena, let offset = plan.memory.offsets[identifier] else {
        // Nothing reads or writes it.
        return store.state
      }
      return try arena.subBuffer(
        offset: offset, byteCount: max(1, planned.byteCount), label: planned.label)
    }
  }

  /// A kernel object of its own for a launch, its arguments set.
  func kernel(_ launch: Launch, inputs: [Buffer]) throws -> Kernel {
    let kernel = try store.kernels.kernel(launch.function, of: launch.instance)
    for (index, argument) in launch.arguments.enumerated() {
      switch argument {
      case .reads(let buffer), .writes(let buffer):
        try kernel.setArgument(index, buffer: self.buffer(buffer, inputs: inputs))
      case .int(let value): try kernel.setArgument(index, value: value)
      case .float(let value): try kernel.setArgument(index, value: value)
      }
    }
    return kernel
  }

  /// The kernel of a launch that prepares something.
  func preparedKernel(_ launch: Launch) throws -> PreparedKernel? {
    for buffer in launch.buffers {
      if case .prepared(let preparation) = plan.buffers[buffer.index].place,
        let target = prepared[preparation]
      {
        return PreparedKernel(
          kernel: try kernel(launch, inputs: []), launch: launch, target: target)
      }
    }
    return nil
  }

  private func part(of slab: Buffer, _ range: SlabRange, label: String) throws -> Buffer {
    if range.offset == 0, range.byteCount == slab.byteCount || store.options.isArenaOff {
      return slab
    }
    return try slab.subBuffer(
      offset: range.offset, byteCount: max(1, range.byteCount), label: label)
  }
}
