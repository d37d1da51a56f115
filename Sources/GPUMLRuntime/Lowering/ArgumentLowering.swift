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
    let isCPU = builder.family == .cpu
    let dtype = node.inputs[0].dtype
    let instance = KernelInstance(
      file: isCPU ? "Reduce/argmax_cpu" : "Reduce/argmax_gpu",
      options: [
        ("TYPE", ElementCode.comparedType(dtype)), ("REAL", ElementCode.storageType(dtype)),
        ("LEAST", least ? "1" : "0"),
      ] + (isCPU ? [] : [("WG", "\(builder.group(64))")]))
    let label = "\(name) \(sizes.outer)×\(sizes.length)×\(sizes.inner)"
    let arguments: [Launch.Argument] = [
      .reads(try builder.reading(node.inputs[0])), .writes(target), try builder.int(sizes.outer),
      try builder.int(sizes.length),
    ]
    if isCPU, sizes.inner == 1 {
      let rowsPerItem = max(1, 16384 / sizes.length)
      builder.launch(
        "argmax_rows", of: instance, label: label, arguments + [try builder.int(rowsPerItem)],
        global: WorkSize(quotientUp(sizes.outer, rowsPerItem)), local: WorkSize(1))
      return
    }
    if isCPU {
      let span = span(of: sizes, in: builder)
      builder.launch(
        "argmax_columns", of: instance, label: label,
        arguments + [try builder.int(sizes.inner), try builder.int(span)],
        global: WorkSize(sizes.outer * quotientUp(sizes.inner, span)), local: WorkSize(1))
      return
    }
    let group = builder.group(64)
    builder.launch(
      "argmax", of: instance, label: label, arguments + [try builder.int(sizes.inner)],
      global: WorkSize(roundedUp(sizes.outer * sizes.inner, to: group)), local: WorkSize(group))
  }

  /// How many neighbouring columns a work-item of a CPU looks through: as many as it can hold, so that
  /// memory is read in long runs, but fewer where cores would be idle.
  private func span(
    of sizes: (outer: Int, length: Int, inner: Int), in builder: PlanBuilder
  ) -> Int {
    let width = builder.vectorWidth
    let fair = quotientUp(sizes.outer * sizes.inner, max(1, builder.device.computeUnits))
    return min(64 * width, max(8 * width, roundedUp(fair, to: width)))
  }
}
