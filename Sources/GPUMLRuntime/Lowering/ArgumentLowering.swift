import GPUMLDevice
import GPUMLGraph

extension ArgMax: KernelLowering {
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    try lower(node, least: false, in: builder)
  }
}

extension ArgMin: KernelLowering {
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    try lower(node, least: true, in: builder)
  }
}

extension ArgumentPrimitive {
  fileprivate func lower(_ node: Node, least: Bool, in builder: PlanBuilder) throws {
    let sizes = try builder.lines(of: node.inputs[0], along: axis)
    let target = try builder.writing(node.output())
    guard sizes.outer * sizes.inner > 0 else { return }
    if sizes.length == 0 {
      // A symbol may turn out to be 0 only now.
      throw GraphError.shapeMismatch(
        operation: name, shapes: ["\(try builder.shape(node.inputs[0]))"],
        reason: "axis \(axis) is empty")
    }
    let (lines, group) = builder.family == .cpu ? (16, 1) : (1, builder.group(64))
    let dtype = node.inputs[0].dtype
    let instance = KernelInstance(
      file: "Reduce/argmax",
      options: [
        ("TYPE", ElementCode.comparedType(dtype)), ("REAL", ElementCode.storageType(dtype)),
        ("LEAST", least ? "1" : "0"), ("LINES", "\(lines)"), ("WG", "\(group)"),
      ])
    builder.launch(
      "argmax", of: instance, label: "\(name) \(sizes.outer)×\(sizes.length)×\(sizes.inner)",
      [
        .reads(try builder.reading(node.inputs[0])), .writes(target), try builder.int(sizes.outer),
        try builder.int(sizes.length), try builder.int(sizes.inner),
      ],
      global: WorkSize(roundedUp(quotientUp(sizes.outer * sizes.inner, lines), to: group)),
      local: WorkSize(group))
  }
}
