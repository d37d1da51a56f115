import GPUMLDevice
import GPUMLGraph

extension Softmax: KernelLowering {
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    let lines = LineKernel(try builder.shape(node.output()), axis: axis)
    if lines.inner > 1 {
      try lines.lower("softmax_lines", node.inputs, [node.output()], in: builder)
    } else {
      try RowKernel("softmax_forward", [node.inputs[0]], node.output())
        .lower(rows: lines.outer, columns: lines.classes, in: builder)
    }
  }
}

extension LogSoftmax: KernelLowering {
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    try LineKernel(try builder.shape(node.output()), axis: axis)
      .lower("log_softmax_lines", node.inputs, [node.output()], in: builder)
  }
}

extension SoftmaxCrossEntropy: KernelLowering {
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    let shape = try builder.shape(node.inputs[0])
    try RowKernel("cross_entropy_forward", node.inputs, node.output())
      .lower(rows: shape[0], columns: shape[1], in: builder)
  }
}

extension SoftmaxCrossEntropyGradient: KernelLowering {
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    let shape = try builder.shape(node.inputs[0])
    try RowKernel("cross_entropy_backward", node.inputs, node.output())
      .lower(rows: shape[0], columns: shape[1], in: builder)
  }
}

/// A kernel of the softmax files: a few rows a work-item on a CPU, a row a work-group, or a few, on a GPU.
private struct RowKernel {
  private let function: String
  private let operands: [Tensor]
  private let result: Tensor

  init(_ function: String, _ operands: [Tensor], _ result: Tensor) {
    self.function = function
    self.operands = operands
    self.result = result
  }

  func lower(rows: Int, columns: Int, in builder: PlanBuilder) throws {
    let target = try builder.writing(result)
    if try builder.count(result) == 0 { return }
    var arguments = try operands.map { Launch.Argument.reads(try builder.reading($0)) }
    arguments += [.writes(target), try builder.int(rows), try builder.int(columns)]
    let label = "\(result.node.primitive.name) \(rows)×\(columns)"
    let storage = ("REAL", ElementCode.storageType(operands[0].dtype))
    if builder.family == .gpu {
      // Long rows take a large group, and short ones share one.
      let group = builder.group(columns <= 1024 ? 64 : 256)
      let lanes = WorkGroupLimits.lanes(for: columns, of: group, each: 4)
      let instance = KernelInstance(
        file: "Loss/softmax_gpu",
        options: [storage, ("WG", "\(group)"), ("LANES", "\(lanes)")])
      builder.launch(
        function, of: instance, label: label, arguments,
        global: WorkSize(quotientUp(rows, group / lanes) * group), local: WorkSize(group))
      return
    }
    // Items of about 16 K elements; narrow rows go as many at a time as a vector has lanes.
    let width = builder.vectorWidth
    let isNarrow = columns <= 4 * width && rows >= width
    let rowsPerItem = roundedUp(
      max(1, 16384 / max(columns, 1)), to: isNarrow ? width : 1)
    builder.launch(
      function,
      of: KernelInstance(
        file: "Loss/softmax_cpu", options: [storage, ("NARROW", isNarrow ? "1" : "0")]),
      label: label,
      arguments + [try builder.int(rowsPerItem)],
      global: WorkSize(quotientUp(rows, rowsPerItem)), local: WorkSize(1))
  }
}
