import GPUMLDevice
import GPUMLGraph

/// Parameters of an update that lie side by side, with their gradients and slots.
package struct UpdateStretch {
  /// Parameters, gradients, each kind of slot, then the state block and, if there is one, the scale.
  package let operands: [Launch.Argument]
  /// What the gradients are multiplied with.
  package let scale: BufferID?
  package let size: UpdateSize
  /// Each parameter's first element and number of elements within the stretch.
  package let parameters: [Range<Int>]
}

/// Adds the launches of an update: the check that all gradients are finite, then those for each
/// stretch of parameters that lie side by side.
package struct UpdateLaunch {
  package let node: Node
  private let primitive: any UpdateLowering
  private let layout: VariableLayout
  /// Parameters, gradients, then each kind of slot.
  private let groups: [[Tensor]]
  private let scale: Tensor?

  static let vectorsPerItem = 256

  /// The work-group.
  static func group(in builder: PlanBuilder) -> Int {
    builder.family == .cpu ? 1 : builder.group(256)
  }

  static func options(in builder: PlanBuilder) -> [(String, String)] {
    let vectors = builder.family == .cpu ? vectorsPerItem : 1
    return [("ITEM_VECTORS", "\(vectors)"), ("WG", "\(group(in: builder))")]
  }

  /// - Throws: `RuntimeError.unsupported` if the primitive is no update with a kernel.
  package init(_ node: Node, layout: VariableLayout) throws {
    guard let primitive = node.primitive as? any UpdateLowering else {
      throw RuntimeError.unsupported(primitive: node.primitive.name, reason: "no kernel for it")
    }
    self.node = node
    self.primitive = primitive
    self.layout = layout
    (groups, scale) = primitive.grouped(node.inputs)
  }

  /// Says where the gradients are to be computed: side by side, like their parameters.
  package func placeGradients(in builder: PlanBuilder) throws {
    for (parameter, gradient) in zip(groups[0], groups[1]) {
      guard builder.location(of: gradient) == nil, isComputed(gradient) else { continue }
      let range = try layout.range(of: parameter)
      builder.place(
        gradient,
        at: builder.add("gradient", byteCount: range.byteCount, place: .gradients(range)))
    }
  }

  private func isComputed(_ tensor: Tensor) -> Bool {
    !tensor.node.inputs.isEmpty && !(tensor.node.primitive is Reshape)
  }

  /// Adds the check that clears the `finite` flag if a gradient is NaN or infinite, or the scale.
  ///
  /// The checks of all updates of a graph come before the first update, so that either all
  /// parameters change or none.
  package func lowerChecks(in builder: PlanBuilder) throws {
    try copyMisplacedGradients(in: builder)
    for stretch in try layout.stretches(groups) {
      let gradients = builder.add(
        "gradients", byteCount: stretch[0].byteCount, place: .gradients(stretch[0]))
      try check(gradients, UpdateSize(byteCount: stretch[0].byteCount, in: builder), in: builder)
    }
    guard let scale else { return }
    // A scale that is a variable may change before it is used: keep a copy of it.
    let buffer = try builder.reading(scale)
    if case .variables = builder.buffers[buffer.index].place {
      let copy = try Expand(to: [1])(scale)
      try ElementwiseKernel.lower(ElementwiseGroup(members: [copy.node]), in: builder)
      builder.place(scale, at: try builder.reading(copy))
    }
    try check(
      builder.reading(scale), UpdateSize(byteCount: MemoryLayout<Float>.size, in: builder),
      in: builder)
  }

  private func check(_ values: BufferID, _ size: UpdateSize, in builder: PlanBuilder) throws {
    let instance = KernelInstance(
      file: "Optimizer/state", options: UpdateLaunch.options(in: builder))
    builder.launch(
      "check_finite", of: instance, label: "check \(size.count) gradients",
      [.reads(values), .writes(builder.state()), try builder.int(size.count)],
      global: size.global, local: size.local)
  }

  /// Adds the launches that change parameters and slots.
  package func lower(in builder: PlanBuilder) throws {
    let scale = try scale.map { try builder.reading($0) }
    let parameters = try groups[0].map { try layout.range(of: $0) }
    for stretch in try layout.stretches(groups) {
      func slab(_ range: SlabRange) -> Launch.Argument {
        .writes(builder.add("variables", byteCount: range.byteCount, place: .variables(range)))
      }
      let gradients = builder.add(
        "gradients", byteCount: stretch[0].byteCount, place: .gradients(stretch[0]))
      let operands: [Launch.Argument] =
        [slab(stretch[0]), .reads(gradients)] + stretch.dropFirst().map(slab)
        + [.reads(builder.state())] + [scale].compactMap { $0.map { .reads($0) } }
      try primitive.lower(
        UpdateStretch(
          operands: operands, scale: scale,
          size: UpdateSize(byteCount: stretch[0].byteCount, in: builder),
          parameters: stretch[0].parts(parameters)), in: builder)
    }
  }

  /// Copies gradients that something else decides the place of, such as a constant.
  private func copyMisplacedGradients(in builder: PlanBuilder) throws {
    for (parameter, gradient) in zip(groups[0], groups[1]) {
      let range = try layout.range(of: parameter)
      let source = try builder.reading(gradient)
      if builder.buffers[source.index].place == .gradients(range) { continue }
      let copy = try Reshape(to: gradient.shape)(gradient)
      builder.place(
        copy, at: builder.add("gradient", byteCount: range.byteCount, place: .gradients(range)))
      try builder.copy(gradient, to: copy)
    }
  }
}

/// How many work-items go over a stretch of float32 elements.
package struct UpdateSize {
  package let count: Int
  package let global: WorkSize
  package let local: WorkSize

  init(byteCount: Int, in builder: PlanBuilder) {
    count = byteCount / MemoryLayout<Float>.size
    let isCPU = builder.family == .cpu
    let elements = builder.vectorWidth * (isCPU ? UpdateLaunch.vectorsPerItem : 1)
    let group = UpdateLaunch.group(in: builder)
    global = WorkSize(roundedUp(quotientUp(count, elements), to: group))
    local = WorkSize(group)
  }
}

extension SlabRange {
  /// The ranges that lie within this one, in float32 elements from its begin, in order.
  fileprivate func parts(_ ranges: [SlabRange]) -> [Range<Int>] {
    let size = MemoryLayout<Float>.size
    return ranges.filter {
      $0.slab == slab && $0.byteCount > 0 && $0.offset >= offset
        && $0.offset + $0.byteCount <= offset + byteCount
    }.map { range in
      let first = (range.offset - offset) / size
      return first..<(first + range.byteCount / size)
    }.sorted { $0.lowerBound < $1.lowerBound }
  }
}

extension PlanBuilder {
  /// Adds a launch that copies a tensor to another's place.
  func copy(_ source: Tensor, to target: Tensor) throws {
    let copy = try Expand(to: source.shape)(source)
    place(copy, at: try writing(target))
    try ElementwiseKernel.lower(ElementwiseGroup(members: [copy.node]), in: self)
  }
}
