import GPUMLDevice
import GPUMLGraph

/// An optimizer's update as a kernel over flat slabs.
package protocol UpdateLowering: UpdatePrimitive {
  /// The kernel, and its arguments after the slabs, the state block and the size.
  func kernel(_ family: KernelFamily) -> (function: String, instance: KernelInstance)
  /// The constants of the kernel, in order.
  var constants: [Float] { get }
}

extension SGDUpdate: UpdateLowering {
  package func kernel(_ family: KernelFamily) -> (function: String, instance: KernelInstance) {
    let options = [
      ("MOMENTUM", momentum == 0 ? "0" : "1"), ("NESTEROV", nesterov ? "1" : "0"),
    ]
    return (
      "sgd",
      KernelInstance(file: "Optimizer/sgd", options: options + UpdateLaunch.options(family))
    )
  }

  package var constants: [Float] { [Float(momentum), Float(weightDecay)] }
}

extension AdamUpdate: UpdateLowering {
  package func kernel(_ family: KernelFamily) -> (function: String, instance: KernelInstance) {
    let options = [("DECOUPLED", decoupled ? "1" : "0")] + UpdateLaunch.options(family)
    return ("adam", KernelInstance(file: "Optimizer/adam", options: options))
  }

  package var constants: [Float] {
    // 1 − β and log β are rounded once, from double: float(0.999) alone is off by 1e-8, which is
    // 1e-5 of 1 − β.
    [
      Float(beta1), Float(1 - beta1), Float(logarithm(beta1)), Float(beta2), Float(1 - beta2),
      Float(logarithm(beta2)), Float(epsilon), Float(weightDecay),
    ]
  }
}

/// Adds the launches of an update: the check that all gradients are finite, then one launch for
/// each stretch of parameters that lie side by side.
package struct UpdateLaunch {
  package let node: Node
  private let primitive: any UpdateLowering
  private let layout: VariableLayout

  fileprivate static let vectorsPerItem = 256
  fileprivate static let groupSize = 256

  static func options(_ family: KernelFamily) -> [(String, String)] {
    family == .cpu
      ? [("ITEM_VECTORS", "\(vectorsPerItem)"), ("WG", "1")]
      : [("ITEM_VECTORS", "1"), ("WG", "\(groupSize)")]
  }

  /// - Throws: `RuntimeError.unsupported` if the primitive is no update with a kernel.
  package init(_ node: Node, layout: VariableLayout) throws {
    guard let primitive = node.primitive as? any UpdateLowering else {
      throw RuntimeError.unsupported(primitive: node.primitive.name, reason: "no kernel for it")
    }
    self.node = node
    self.primitive = primitive
    self.layout = layout
  }

  /// The operands by role: parameters, gradients, then each kind of slot.
  private var groups: [[Tensor]] {
    let kinds = 2 + primitive.slotKinds.count
    let count = node.inputs.count / kinds
    return (0..<kinds).map { Array(node.inputs[($0 * count)..<(($0 + 1) * count)]) }
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

  /// Adds the check that clears the `finite` flag if a gradient is NaN or infinite.
  ///
  /// The checks of all updates of a graph come before the first update, so that either all
  /// parameters change or none.
  package func lowerChecks(in builder: PlanBuilder) throws {
    try copyMisplacedGradients(groups, in: builder)
    let instance = KernelInstance(
      file: "Optimizer/state", options: UpdateLaunch.options(builder.family))
    for stretch in try layout.stretches(groups) {
      let size = UpdateSize(stretch[0], in: builder)
      let gradients = builder.add(
        "gradients", byteCount: stretch[0].byteCount, place: .gradients(stretch[0]))
      builder.launch(
        "check_finite", of: instance, label: "check \(size.count) gradients",
        [.reads(gradients), .writes(builder.state()), try builder.int(size.count)],
        global: size.global, local: size.local)
    }
  }

  /// Adds the launches that change parameters and slots.
  package func lower(in builder: PlanBuilder) throws {
    let (function, instance) = primitive.kernel(builder.family)
    for stretch in try layout.stretches(groups) {
      let size = UpdateSize(stretch[0], in: builder)
      func slab(_ range: SlabRange) -> BufferID {
        builder.add("variables", byteCount: range.byteCount, place: .variables(range))
      }
      let gradients = builder.add(
        "gradients", byteCount: stretch[0].byteCount, place: .gradients(stretch[0]))
      builder.launch(
        function, of: instance, label: "\(primitive.name) of \(size.count) elements",
        [.writes(slab(stretch[0])), .reads(gradients)]
          + stretch.dropFirst().map { .writes(slab($0)) }
          + [.reads(builder.state()), try builder.int(size.count)]
          + primitive.constants.map { .float($0) },
        global: size.global, local: size.local)
    }
  }

  /// Copies gradients that something else decides the place of, such as a constant.
  private func copyMisplacedGradients(_ groups: [[Tensor]], in builder: PlanBuilder) throws {
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
private struct UpdateSize {
  let count: Int
  let global: WorkSize
  let local: WorkSize

  init(_ range: SlabRange, in builder: PlanBuilder) {
    count = range.byteCount / MemoryLayout<Float>.size
    let isCPU = builder.family == .cpu
    let elements = builder.vectorWidth * (isCPU ? UpdateLaunch.vectorsPerItem : 1)
    let group = isCPU ? 1 : UpdateLaunch.groupSize
    global = WorkSize(roundedUp(quotientUp(count, elements), to: group))
    local = WorkSize(group)
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
