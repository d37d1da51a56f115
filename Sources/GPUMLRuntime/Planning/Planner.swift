import FoundationEssentials
import GPUMLDevice
import GPUMLGraph
import GPUMLReference

/// Compiles graphs: rewrites, fusion, lowering, memory.
package struct Planner {
  private let context: DeviceContext
  private let layout: VariableLayout
  private let kernels: KernelLibrary
  private let options: PlanOptions

  package init(
    context: DeviceContext, layout: VariableLayout, kernels: KernelLibrary, options: PlanOptions
  ) {
    self.context = context
    self.kernels = kernels
    self.layout = layout
    self.options = options
  }

  /// The graph with everything done that does not depend on shapes or the device.
  package static func rewritten(_ graph: Graph) throws -> Graph {
    try graph.mergingCommonSubexpressions().simplified().foldingConstants().decomposing()
      .foldingConstants().promotingStorage().mergingCommonSubexpressions()
  }

  /// Compiles a rewritten graph for the sizes that `symbols` gives.
  ///
  /// - Parameter advancesState: Whether random numbers go on after the step; by default if any are
  ///   drawn. A stage of a larger graph may draw some without being the last.
  /// - Throws: `GraphError` for a symbol without a value, `RuntimeError` for what has no kernel,
  ///   `DeviceError.buildFailed` if the driver rejects a kernel.
  package func plan(
    _ graph: Graph, symbols: [String: Int], advancesState: Bool? = nil
  ) throws -> Plan {
    let builder = PlanBuilder(
      KernelChoice(
        options.family ?? context.kernelFamily, disabled: options.disabled,
        device: context.device.name),
      kernels: kernels, symbols: symbols, options: options,
      alignment: context.device.memoryBaseAlignment, keepsVariables: graph.updates.isEmpty)
    let inputs = try placeSources(graph, in: builder)
    let updates = try graph.nodes
      .filter { $0.primitive is any UpdatePrimitive && !($0.primitive is EMAUpdate) }
      .map { try UpdateLaunch($0, layout: layout) }
    for update in updates { try update.placeGradients(in: builder) }
    try lowerNodes(graph, in: builder)
    let results = try graph.outputs.map { try unchanging($0.tensor, graph, in: builder) }
    let computed = builder.launches.count
    try lowerUpdates(
      graph, updates, advancesState: advancesState ?? graph.drawsRandomNumbers, in: builder)
    let segments = [
      Plan.Segment(purpose: .computation, launches: 0..<computed),
      Plan.Segment(purpose: .update, launches: computed..<builder.launches.count),
    ].filter { !$0.launches.isEmpty }
    try kernels.prepare((builder.preparations + builder.launches).map(\.instance))
    let outputs = try zip(graph.outputs, results).map { output, buffer in
      Plan.Output(
        name: output.name, buffer: buffer, shape: try builder.shape(output.tensor),
        dtype: output.tensor.dtype)
    }
    return Plan(
      inputs: inputs, outputs: outputs, constants: builder.constants, buffers: builder.buffers,
      launches: builder.launches, preparations: builder.preparations, segments: segments,
      memory: memory(builder, outputs),
      hasUpdates: !graph.updates.isEmpty,
      gradientSlabs: gradientSlabs(builder))
  }

  private func placeSources(_ graph: Graph, in builder: PlanBuilder) throws -> [Plan.Input] {
    var inputs: [Plan.Input] = []
    for node in graph.nodes {
      let tensor = node.output()
      if let input = node.primitive as? Input {
        let shape = try builder.shape(tensor)
        let bytes = try builder.count(tensor) * tensor.dtype.byteCount
        builder.place(
          tensor, at: builder.add(input.label, byteCount: bytes, place: .input(inputs.count)))
        inputs.append(Plan.Input(name: input.label, shape: shape, dtype: tensor.dtype))
      } else if node.variable != nil {
        let range = try layout.range(of: tensor)
        _ = try builder.count(tensor)
        builder.place(
          tensor, at: builder.add("variable", byteCount: range.byteCount, place: .variables(range)))
      }
    }
    return inputs
  }

  private func lowerNodes(_ graph: Graph, in builder: PlanBuilder) throws {
    var uses: [Tensor: Int] = [:]
    for tensor in graph.nodes.flatMap(\.inputs) { uses[tensor, default: 0] += 1 }
    for tensor in graph.outputs.map(\.tensor) + graph.updates.map(\.value) {
      uses[tensor, default: 0] += 1
    }
    let fusion = try Fusion(graph, in: builder)
    // A product that another kernel finishes is computed where the chain is.
    var hosts: [ObjectIdentifier: Node] = [:]
    var hosted: Set<ObjectIdentifier> = []
    if options.fusesEpilogues {
      for group in fusion.groups {
        guard let root = group.root,
          let host = try fusion.epilogueHost(of: group, uses: uses, in: builder)
        else { continue }
        hosts[ObjectIdentifier(root)] = host
        hosted.insert(ObjectIdentifier(host))
      }
    }
    for node in graph.nodes where !hosted.contains(ObjectIdentifier(node)) {
      if let group = fusion.group(of: node) {
        guard let root = group.root, root === node else { continue }
        if let host = hosts[ObjectIdentifier(node)],
          let primitive = host.primitive as? any EpilogueLowering
        {
          try builder.lowering([host]) {
            let epilogue = try Epilogue(group, root: root, product: host.output(), in: builder)
            try primitive.lower(host, epilogue: epilogue, in: builder)
          }
        } else {
          try ElementwiseKernel.lower(group, in: builder)
        }
      } else if node.primitive is Reshape {
        try lowerReshape(node, in: builder)
      } else if let primitive = node.primitive as? any KernelLowering {
        try builder.lowering([node]) { try primitive.lower(node, in: builder) }
      } else if !node.inputs.isEmpty, !(node.primitive is any UpdatePrimitive) {
        throw RuntimeError.unsupported(primitive: node.primitive.name, reason: "no kernel for it")
      } else if node.primitive is SizeOf {
        try lowerSize(node, uses, graph, in: builder)
      }
    }
  }

  /// A reshape is another name for the same memory, unless its place is already decided.
  private func lowerReshape(_ node: Node, in builder: PlanBuilder) throws {
    if builder.location(of: node.output()) == nil {
      builder.place(node.output(), at: try builder.reading(node.inputs[0]))
    } else {
      try builder.copy(node.inputs[0], to: node.output())
    }
  }

  /// A size enters kernels as an argument; only as a result of the graph does it need memory.
  private func lowerSize(
    _ node: Node, _ uses: [Tensor: Int], _ graph: Graph, in builder: PlanBuilder
  ) throws {
    let isFused = graph.nodes.allSatisfy {
      !$0.inputs.contains(node.output()) || $0.primitive is any ElementwisePrimitive
    }
    if isFused && !graph.outputs.contains(where: { $0.tensor == node.output() }) { return }
    let copy = try Expand(to: [1])(node.output())
    builder.place(copy, at: try builder.writing(node.output()))
    try ElementwiseKernel.lower(ElementwiseGroup(members: [copy.node]), in: builder)
  }

  /// Where an output can be read after the updates: a variable's value from the beginning of the
  /// step is copied.
  private func unchanging(
    _ output: Tensor, _ graph: Graph, in builder: PlanBuilder
  ) throws -> BufferID {
    let buffer = try builder.reading(output)
    guard case .variables = builder.buffers[buffer.index].place, !graph.updates.isEmpty else {
      return buffer
    }
    let copy = try Expand(to: output.shape)(output)
    try ElementwiseKernel.lower(ElementwiseGroup(members: [copy.node]), in: builder)
    return try builder.reading(copy)
  }

  /// Updates come last, when every read of the values from the beginning is done.
  private func lowerUpdates(
    _ graph: Graph, _ optimizers: [UpdateLaunch], advancesState: Bool, in builder: PlanBuilder
  ) throws {
    let assignments = graph.updates.filter { !($0.value.node.primitive is any UpdatePrimitive) }
    var sources: [(Update, Tensor)] = []
    for update in assignments {
      // A value that is itself a variable might change before it is copied: keep a copy of it.
      // Reading a constant for the first time adds a buffer, and must come before the look at them.
      let buffer = try builder.reading(update.value)
      let place = builder.buffers[buffer.index].place
      var source = update.value
      if case .variables = place {
        source = try Expand(to: source.shape)(source)
        try ElementwiseKernel.lower(ElementwiseGroup(members: [source.node]), in: builder)
      }
      sources.append((update, source))
    }
    for optimizer in optimizers {
      try builder.lowering([optimizer.node]) { try optimizer.lowerChecks(in: builder) }
    }
    for optimizer in optimizers {
      try builder.lowering([optimizer.node]) { try optimizer.lower(in: builder) }
    }
    for (update, source) in sources {
      let range = try layout.range(of: update.variable)
      let target = try Expand(to: source.shape)(source)
      builder.place(
        target, at: builder.add("variable", byteCount: range.byteCount, place: .variables(range)))
      try ElementwiseKernel.lower(
        ElementwiseGroup(members: [target.node]), in: builder, isGuarded: true)
    }
    // Averages follow what the variables have become.
    for node in graph.nodes where node.primitive is EMAUpdate {
      try builder.lowering([node]) {
        try AverageLaunch(node, graph, layout: layout).lower(in: builder)
      }
    }
    if !optimizers.isEmpty || advancesState {
      try builder.lowering(optimizers.suffix(1).map(\.node)) {
        // Only an optimizer's update ends a training step: Adam counts those.
        builder.launch(
          optimizers.isEmpty ? "advance_random" : "advance_state",
          of: KernelInstance(
            file: "Optimizer/state", options: UpdateLaunch.options(in: builder)),
          label: "advance the state", [.writes(builder.state())], global: WorkSize(1),
          local: WorkSize(1))
      }
    }
  }

  private func memory(_ builder: PlanBuilder, _ outputs: [Plan.Output]) -> MemoryPlan {
    var first: [BufferID: Int] = [:]
    var last: [BufferID: Int] = [:]
    for (index, launch) in builder.launches.enumerated() {
      for buffer in launch.buffers {
        first[buffer] = first[buffer] ?? index
        last[buffer] = index
      }
    }
    for output in outputs {
      first[output.buffer] = first[output.buffer] ?? 0
      last[output.buffer] = builder.launches.count
    }
    let lifetimes = builder.buffers.indices.compactMap { index -> MemoryPlan.Lifetime? in
      let buffer = BufferID(index: index)
      guard builder.buffers[index].place == .arena, let first = first[buffer],
        let last = last[buffer]
      else { return nil }
      return MemoryPlan.Lifetime(
        buffer: buffer, byteCount: max(1, builder.buffers[index].byteCount), first: first,
        last: last)
    }
    return MemoryPlan(lifetimes, alignment: context.device.memoryBaseAlignment)
  }

  private func gradientSlabs(_ builder: PlanBuilder) -> [Int: Int] {
    var slabs: [Int: Int] = [:]
    for buffer in builder.buffers {
      if case .gradients(let range) = buffer.place {
        slabs[range.slab] = layout.slabs[range.slab].byteCount
      }
    }
    return slabs
  }
}

/// What a planner may do.
package struct PlanOptions: Sendable {
  /// Whether products finish with the chains that follow them.
  package var fusesEpilogues = true
  /// Whether every tensor gets a buffer of its own, so that tools see where it ends.
  package var isArenaOff = false
  /// Whether even small products go through packed panels, so that checks can see that form.
  package var packsSmallProducts = false
  /// Whether reductions, scans and products cut even short lines, so that checks can see that form.
  package var cutsShortLines = false
  /// The most work-items of a group, where the device takes more, so that checks can see what small
  /// devices run.
  package var mostGroupItems: Int?
  /// How products use matrix units.
  package var matrixUnits = MatrixUnitUse.probed
  /// The family of kernels; nil for the device's.
  package var family: KernelFamily?
  /// What must not be used because it is wrong on the device.
  package var disabled: Set<KernelVariant> = []
  /// Parameters of kernels that stand in for the shipped ones.
  package var tuning = Tuning()
  /// A folder whose kernel files stand in for those in the binary, to try changes without a build.
  package var kernelFolder: String?
  /// Whether launches are replayed from the driver's command buffers, where it has any.
  package var replay = ReplayMode.off
  /// Options for the device's compiler besides our own, such as `-cl-opt-disable`.
  package var buildOptions = ""

  package init() {}

  /// What this process's environment asks for.
  package static var ofEnvironment: PlanOptions {
    PlanOptions(environment: ProcessInfo.processInfo.environment)
  }

  /// What the environment asks for: `GPUML_ARENA=off`, `GPUML_BUILD_OPTIONS`, `GPUML_KERNEL_FILES`,
  /// `GPUML_REPLAY`.
  package init(environment: [String: String]) {
    isArenaOff = environment["GPUML_ARENA"] == "off"
    buildOptions = environment["GPUML_BUILD_OPTIONS"] ?? ""
    replay = environment["GPUML_REPLAY"].flatMap(ReplayMode.init) ?? .measured
    kernelFolder = environment["GPUML_KERNEL_FILES"].flatMap { $0.isEmpty ? nil : $0 }
  }
}
