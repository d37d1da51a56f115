import GPUMLDevice
import GPUMLGraph

extension Transpose: KernelLowering {
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    let target = try builder.writing(node.output())
    if try builder.count(node.output()) == 0 { return }
    let source = try builder.reading(node.inputs[0])
    let joined = JoinedAxes(try builder.shape(node.inputs[0]), permutation)
    let byteCount = node.outputs[0].dtype.byteCount
    let label = "transpose \(joined.sizes) by \(joined.permutation)"
    if let sizes = joined.matrices, fits(sizes, in: builder) {
      try exchange(source, target, sizes, byteCount, label, in: builder)
      return
    }
    let sizes = joined.permutation.map { joined.sizes[$0] }
    try StridedCopy(
      sizes, from: StridedCopy.View(steps: joined.permutation.map { joined.strides[$0] }),
      to: StridedCopy.View(whole: sizes)
    ).lower(from: source, to: target, node.outputs[0].dtype, label: label, in: builder)
  }

  private static let block = 32
  /// Bytes beyond what caches keep for those who read them next.
  private static let leastStreamed = 1 << 24

  /// Whether matrices fill tiles of a GPU well enough; what is narrower is copied element by element.
  private func fits(
    _ sizes: (batch: Int, rows: Int, columns: Int), in builder: PlanBuilder
  ) -> Bool {
    builder.family == .cpu
      || min(sizes.rows, sizes.columns) >= Transpose.block / 4
        && builder.groupLimits.allow(Transpose.block, 1)
  }

  private func exchange(
    _ source: BufferID, _ target: BufferID, _ sizes: (batch: Int, rows: Int, columns: Int),
    _ byteCount: Int, _ label: String, in builder: PlanBuilder
  ) throws {
    let isCPU = builder.family == .cpu
    // On a CPU, rows that make whole cache lines of the result, and long runs of them.
    let block =
      isCPU
      ? (rows: 64 / min(byteCount, 4), columns: 1024)
      : (rows: Transpose.block, columns: Transpose.block)
    // What no cache keeps need not be fetched before it is written; squares must be whole lines.
    let least = builder.options.cutsShortLines ? 0 : Transpose.leastStreamed
    let streams = sizes.batch * sizes.rows * sizes.columns * byteCount >= least
    let (rows, columns) = (
      quotientUp(sizes.rows, block.rows), quotientUp(sizes.columns, block.columns)
    )
    let step = max(1, builder.group(Transpose.block * 8) / Transpose.block)
    builder.launch(
      "transpose",
      of: KernelInstance(
        file: isCPU ? "Layout/transpose_cpu" : "Layout/transpose_gpu",
        options: [("ELEMENT", KernelInstance.mover(byteCount: byteCount))]
          + (isCPU
            ? [
              ("BLOCK_ROWS", "\(block.rows)"), ("BLOCK_COLUMNS", "\(block.columns)"),
              ("STREAMS", streams ? "1" : "0"),
            ] : [("STEP", "\(step)")])),
      label: label,
      [
        .reads(source), .writes(target), try builder.int(sizes.rows),
        try builder.int(sizes.columns),
      ],
      global: isCPU
        ? WorkSize(rows, columns, sizes.batch)
        : WorkSize(sizes.batch * rows * columns * block.columns, step),
      local: isCPU ? WorkSize(1, 1, 1) : WorkSize(block.columns, step))
  }
}

/// A permutation in which axes that stay side by side have become one.
private struct JoinedAxes {
  private(set) var sizes: [Int] = []
  private(set) var permutation: [Int] = []

  init(_ shape: [Int], _ permutation: [Int]) {
    // Runs of source axes in the order of the result; axes of size 1 may lie anywhere.
    var runs: [[Int]] = []
    var last = -1
    for axis in permutation where shape[axis] != 1 {
      let follows = last >= 0 && axis > last && shape[(last + 1)..<axis].allSatisfy { $0 == 1 }
      if follows {
        runs[runs.count - 1].append(axis)
      } else {
        runs.append([axis])
      }
      last = axis
    }
    let order = runs.indices.sorted { runs[$0][0] < runs[$1][0] }
    sizes = order.map { runs[$0].reduce(1) { $0 * shape[$1] } }
    self.permutation = runs.indices.map { run in order.firstIndex(of: run) ?? run }
  }

  /// The step of each axis of the source.
  var strides: [Int] {
    var step = 1
    return sizes.reversed().map { size in
      defer { step *= size }
      return step
    }.reversed()
  }

  /// The sizes, if only the last two axes change places.
  var matrices: (batch: Int, rows: Int, columns: Int)? {
    if permutation == [1, 0] { return (1, sizes[0], sizes[1]) }
    if permutation == [0, 2, 1] { return (sizes[0], sizes[1], sizes[2]) }
    // Nothing moves: one row is its own transpose.
    if permutation == [0] || permutation.isEmpty { return (1, 1, sizes.first ?? 1) }
    return nil
  }
}
