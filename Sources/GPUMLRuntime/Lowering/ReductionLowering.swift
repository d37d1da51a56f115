import GPUMLDevice
import GPUMLGraph

extension ReduceSum: KernelLowering {
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    try Reduction(node: node, axes: axes, operation: .sum).lower(in: builder)
  }
}

extension ReduceMean: KernelLowering {
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    try Reduction(node: node, axes: axes, operation: .mean).lower(in: builder)
  }
}

extension ReduceMax: KernelLowering {
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    try Reduction(node: node, axes: axes, operation: .max).lower(in: builder)
  }
}

extension ArgMax: KernelLowering {
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    let shape = try builder.shape(node.inputs[0])
    let outer = shape[..<axis].reduce(1, *)
    let inner = shape[(axis + 1)...].reduce(1, *)
    let target = try builder.writing(node.output())
    guard outer * inner > 0, shape[axis] > 0 else { return }
    let (lines, group) = builder.family == .cpu ? (16, 1) : (1, 64)
    let instance = KernelInstance(
      file: "Reduce/argmax",
      options: [
        ("REAL", ElementCode.storageType(node.inputs[0].dtype)), ("LINES", "\(lines)"),
        ("WG", "\(group)"),
      ])
    builder.launch(
      "argmax", of: instance, label: "argmax \(outer)×\(shape[axis])×\(inner)",
      [
        .reads(try builder.reading(node.inputs[0])), .writes(target), try builder.int(outer),
        try builder.int(shape[axis]), try builder.int(inner),
      ],
      global: WorkSize(roundedUp(quotientUp(outer * inner, lines), to: group)),
      local: WorkSize(group))
  }
}

/// A sum, mean or maximum along axes.
///
/// Axes that lie side by side are reduced together as the middle axis of [outer, reduce, inner];
/// others block by block, the last first. A long axis goes in two launches, cut by its size alone,
/// so that the result is the same on every device.
private struct Reduction {
  enum Operation { case sum, mean, max }

  let node: Node
  let axes: [Int]
  let operation: Operation

  func lower(in builder: PlanBuilder) throws {
    let shape = try builder.shape(node.inputs[0])
    let target = try builder.writing(node.output())
    if try builder.count(node.output()) == 0 { return }
    let reduced = axes.reduce(1) { $0 * shape[$1] }
    let blocks = blocks(of: shape)
    if reduced == 0 {
      try fillEmpty(target, in: builder)
      return
    }
    var sizes = shape
    var source = try builder.reading(node.inputs[0])
    var type = ElementCode.storageType(node.inputs[0].dtype)
    let steps = blocks.isEmpty ? [0..<0] : Array(blocks.reversed())
    for (place, block) in steps.enumerated() {
      let isLast = place == steps.count - 1
      let outer = sizes[..<block.lowerBound].reduce(1, *)
      let inner = sizes[block.upperBound...].reduce(1, *)
      let length = sizes[block].reduce(1, *)
      for axis in block { sizes[axis] = 1 }
      let destination =
        isLast ? target : builder.scratch("partial result", byteCount: outer * inner * 4)
      let resultType = isLast ? ElementCode.storageType(node.outputs[0].dtype) : "float"
      let scale = isLast && operation == .mean ? 1 / Float(reduced) : 1
      try reduce(
        (source, type), (destination, resultType), (outer, length, inner), scale, in: builder)
      (source, type) = (destination, "float")
    }
  }

  /// The runs of neighbouring axes, leaving out axes of size 1.
  private func blocks(of shape: [Int]) -> [Range<Int>] {
    var blocks: [Range<Int>] = []
    for axis in axes where shape[axis] != 1 {
      if let last = blocks.last, shape[last.upperBound..<axis].allSatisfy({ $0 == 1 }) {
        blocks[blocks.count - 1] = last.lowerBound..<(axis + 1)
      } else {
        blocks.append(axis..<(axis + 1))
      }
    }
    return blocks
  }

  private func reduce(
    _ source: (buffer: BufferID, type: String), _ target: (buffer: BufferID, type: String),
    _ sizes: (outer: Int, length: Int, inner: Int), _ scale: Float, in builder: PlanBuilder
  ) throws {
    let lines = sizes.outer * sizes.inner
    // With few lines a long axis would keep one work-item busy: cut it.
    let longest = 16384
    guard sizes.length > longest, lines < 64 else {
      try launch(source, target, sizes, chunk: sizes.length, scale, in: builder)
      return
    }
    let chunk = max(longest / 2, quotientUp(sizes.length, 256))
    let chunks = quotientUp(sizes.length, chunk)
    let partial = builder.scratch("partial result", byteCount: lines * chunks * 4)
    try launch(source, (partial, "float"), sizes, chunk: chunk, 1, in: builder)
    try launch(
      (partial, "float"), target, (sizes.outer, chunks, sizes.inner), chunk: chunks, scale,
      in: builder)
  }

  private func launch(
    _ source: (buffer: BufferID, type: String), _ target: (buffer: BufferID, type: String),
    _ sizes: (outer: Int, length: Int, inner: Int), chunk: Int, _ scale: Float,
    in builder: PlanBuilder
  ) throws {
    let isCPU = builder.family == .cpu
    let rows = sizes.outer * quotientUp(sizes.length, chunk)
    let instance = KernelInstance(
      file: isCPU ? "Reduce/reduce_cpu" : "Reduce/reduce_gpu",
      options: [
        ("REAL", source.type), ("REAL_OUT", target.type), ("OP", operation == .max ? "1" : "0"),
      ])
    var arguments: [Launch.Argument] = [
      .reads(source.buffer), .writes(target.buffer), try builder.int(sizes.outer),
      try builder.int(sizes.length),
    ]
    let label = "\(node.primitive.name) \(sizes.outer)×\(sizes.length)×\(sizes.inner)"
    let group = isCPU ? 1 : 128
    if sizes.inner == 1 {
      let rowsPerItem = max(1, min(rows, 16384 / max(chunk, 1)))
      arguments.append(try builder.int(chunk))
      if isCPU { arguments.append(try builder.int(rowsPerItem)) }
      builder.launch(
        "reduce_rows", of: instance, label: label, arguments + [.float(scale)],
        global: WorkSize(isCPU ? quotientUp(rows, rowsPerItem) : rows * group),
        local: WorkSize(group))
      return
    }
    arguments += [try builder.int(sizes.inner), try builder.int(chunk), .float(scale)]
    let width = isCPU ? builder.vectorWidth : group
    let columns = quotientUp(sizes.inner, width)
    builder.launch(
      "reduce_columns", of: instance, label: label, arguments,
      global: WorkSize(columns * rows * group), local: WorkSize(group))
  }

  /// The result of no elements: 0, NaN or −∞.
  private func fillEmpty(_ target: BufferID, in builder: PlanBuilder) throws {
    let value =
      switch operation {
      case .sum: 0.0
      case .mean: Double.nan
      case .max: -Double.infinity
      }
    let type = node.outputs[0]
    let filled = try Tensor.constant(value, dtype: type.dtype).expanded(to: type.shape)
    if filled.shape.isEmpty {
      let copy = try Expand(to: [1])(filled)
      builder.place(copy, at: target)
      try ElementwiseKernel.lower(ElementwiseGroup(members: [copy.node]), in: builder)
    } else {
      builder.place(filled, at: target)
      try ElementwiseKernel.lower(ElementwiseGroup(members: [filled.node]), in: builder)
    }
  }
}
