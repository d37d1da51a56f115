import GPUMLDevice
import GPUMLGraph

/// A reduction that one operation of the kernels computes.
package protocol ReductionLowering: ReductionPrimitive, KernelLowering {
  static var operation: ReductionOperation { get }
}

extension ReductionLowering {
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    try Reduction(node, axes: axes, operation: Self.operation).lower(in: builder)
  }
}

extension ReduceSum: ReductionLowering {
  package static var operation: ReductionOperation { .sum }
}
extension ReduceMean: ReductionLowering {
  package static var operation: ReductionOperation { .mean }
}
extension ReduceProduct: ReductionLowering {
  package static var operation: ReductionOperation { .product }
}
extension ReduceMax: ReductionLowering {
  package static var operation: ReductionOperation { .max }
}
extension ReduceMin: ReductionLowering {
  package static var operation: ReductionOperation { .min }
}
extension ReduceAny: ReductionLowering {
  package static var operation: ReductionOperation { .max }
}
extension ReduceAll: ReductionLowering {
  package static var operation: ReductionOperation { .min }
}
extension L1Norm: ReductionLowering {
  package static var operation: ReductionOperation { .magnitudes }
}
extension SumOfSquares: ReductionLowering {
  package static var operation: ReductionOperation { .squares }
}
extension L2Norm: ReductionLowering {
  package static var operation: ReductionOperation { .norm }
}

/// What the reduction kernels do with the elements of a group; see `Kernels/Reduce/operations.cl`.
package enum ReductionOperation: String, Sendable, CaseIterable {
  case sum, mean, product, max, min
  /// Sums of |x| and of x², and the root of the latter.
  case magnitudes, squares, norm
  /// Sums of x − c, (x − c)² and exp(x − c), where c is a number a group.
  case deviations, squaredDeviations, exponentials

  /// The kernels' number for what each element goes through and how they are joined.
  var code: Int {
    switch self {
    case .sum, .mean: 0
    case .product: 1
    case .max: 2
    case .min: 3
    case .magnitudes: 4
    case .squares, .norm: 5
    case .deviations: 6
    case .squaredDeviations: 7
    case .exponentials: 8
    }
  }

  /// The number of what joins the results of parts.
  var joiningCode: Int { code < 4 ? code : 0 }

  /// The number of what the last launch does with its result.
  var endCode: Int {
    switch self {
    case .mean: 1
    case .norm: 2
    default: 0
    }
  }

  /// Whether there is a number c a group.
  var isCentered: Bool { code >= 6 }

  /// The result of no elements; of truth values, the extremes are those of 0 and 1.
  func empty(_ dtype: DType) -> Double {
    switch self {
    case .mean: .nan
    case .product: 1
    case .max: dtype == .bool ? 0 : -.infinity
    case .min: dtype == .bool ? 1 : .infinity
    default: 0
    }
  }
}

/// A reduction along axes.
///
/// Axes that lie side by side are reduced together as the middle axis of [outer, reduce, inner];
/// others block by block, the last first. A long axis goes in two launches, cut by its size alone,
/// so that the result is the same on every device.
struct Reduction {
  private let node: Node
  private let axes: [Int]
  private let operation: ReductionOperation
  /// What elements are computed in.
  private let type: String

  /// - Parameter node: Its first operand is reduced; the second, if the operation takes one, has
  ///   the shape of the result.
  init(_ node: Node, axes: [Int], operation: ReductionOperation) {
    self.node = node
    self.axes = axes
    self.operation = operation
    let (source, result) = (node.inputs[0].dtype, node.outputs[0].dtype)
    // Truth values come of numbers as they are: a narrower type might make 0 of another.
    type = source.isFloating ? "float" : ElementCode.comparedType(result == .bool ? source : result)
  }

  func lower(in builder: PlanBuilder) throws {
    let shape = try builder.shape(node.inputs[0])
    let target = try builder.writing(node.output())
    if try builder.count(node.output()) == 0 { return }
    if axes.contains(where: { shape[$0] == 0 }) {
      try builder.fill(target, node.outputs[0], with: operation.empty(node.outputs[0].dtype))
      return
    }
    let reduced = axes.reduce(1) { $0 * shape[$1] }
    var sizes = shape
    var source = Part(
      buffer: try builder.reading(node.inputs[0]),
      type: ElementCode.storageType(node.inputs[0].dtype), isFirst: true)
    let blocks = blocks(of: shape)
    let steps = blocks.isEmpty ? [0..<0] : Array(blocks.reversed())
    for (place, block) in steps.enumerated() {
      let isLast = place == steps.count - 1
      let outer = sizes[..<block.lowerBound].reduce(1, *)
      let inner = sizes[block.upperBound...].reduce(1, *)
      let length = sizes[block].reduce(1, *)
      for axis in block { sizes[axis] = 1 }
      if place == 0, operation.isCentered { source.center = try center(sizes, in: builder) }
      var result = Part(buffer: target, type: type)
      if isLast {
        result.type = ElementCode.storageType(node.outputs[0].dtype)
        result.end = operation.endCode
        result.scale = 1 / Float(reduced)
      } else {
        result.buffer = try builder.scratch("partial result", count: outer * inner, type)
      }
      try reduce(source, result, (outer, length, inner), in: builder)
      source = Part(buffer: result.buffer, type: type)
    }
  }

  /// Where elements come from or results go to.
  private struct Part {
    var buffer: BufferID
    var type: String
    /// Whether elements have not yet gone through what the operation does with each.
    var isFirst = false
    var center: BufferID?
    /// What is done with results in the end.
    var end = 0
    var scale: Float = 1
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

  /// The numbers c repeated for all groups of the first step, which leaves the operand in `sizes`.
  private func center(_ sizes: [Int], in builder: PlanBuilder) throws -> BufferID {
    let center = node.inputs[1]
    let shape = node.inputs[0].shape
    let kept = shape.indices.map { axes.contains($0) ? 1 : shape[$0] }
    let needed = shape.indices.map { axes.contains($0) && sizes[$0] == 1 ? 1 : shape[$0] }
    if kept == needed { return try builder.reading(center) }
    let aligned = try center.reshaped(to: kept)
    builder.place(aligned, at: try builder.reading(center))
    let repeated = try aligned.expanded(to: needed)
    try ElementwiseKernel.lower(ElementwiseGroup(members: [repeated.node]), in: builder)
    return try builder.reading(repeated)
  }

  private func reduce(
    _ source: Part, _ target: Part, _ sizes: (outer: Int, length: Int, inner: Int),
    in builder: PlanBuilder
  ) throws {
    let lines = sizes.outer * sizes.inner
    let chunk = chunk(of: sizes, in: builder)
    if chunk >= sizes.length {
      try launch(source, target, sizes, chunk: sizes.length, in: builder)
      return
    }
    let chunks = quotientUp(sizes.length, chunk)
    let partial = Part(
      buffer: try builder.scratch("partial result", count: lines * chunks, type), type: type)
    try launch(source, partial, sizes, chunk: chunk, in: builder)
    try launch(
      partial, target, (sizes.outer, chunks, sizes.inner), chunk: chunks, in: builder)
  }

  /// How many columns a group of a GPU takes: fewer, with several work-items each, where these have
  /// enough to add, but so many as memory gives at a time.
  private static func lanes(across columns: Int, of group: Int, length: Int) -> Int {
    var items = 1
    while 16 * items <= length, group / (2 * items) >= min(32, columns) { items *= 2 }
    return group / items
  }

  private func launch(
    _ source: Part, _ target: Part, _ sizes: (outer: Int, length: Int, inner: Int), chunk: Int,
    in builder: PlanBuilder
  ) throws {
    let isCPU = builder.family == .cpu
    let rows = sizes.outer * quotientUp(sizes.length, chunk)
    let group = isCPU ? 1 : builder.group(128)
    let lanes =
      sizes.inner == 1
      ? WorkGroupLimits.lanes(for: chunk, of: group, each: 8)
      : Reduction.lanes(across: sizes.inner, of: group, length: chunk)
    let isTruth =
      source.isFirst && [node.inputs[0].dtype, node.outputs[0].dtype].contains(.bool)
    let instance = KernelInstance(
      file: isCPU ? "Reduce/reduce_cpu" : "Reduce/reduce_gpu",
      options: [
        ("TYPE", type), ("REAL", source.type), ("REAL_OUT", target.type),
        ("TRUTH", isTruth ? "1" : "0"),
        ("OP", "\(source.isFirst ? operation.code : operation.joiningCode)"),
        ("END", "\(target.end)"),
      ] + (isCPU ? [] : [("WG", "\(group)"), ("LANES", "\(lanes)")]),
      generated: try KernelFiles.text("Reduce/operations", in: builder.options.kernelFolder))
    var arguments: [Launch.Argument] = [.reads(source.buffer)]
    if let center = source.center { arguments.append(.reads(center)) }
    arguments += [
      .writes(target.buffer), try builder.int(sizes.outer), try builder.int(sizes.length),
    ]
    let label = "\(node.primitive.name) \(sizes.outer)×\(sizes.length)×\(sizes.inner)"
    if sizes.inner == 1 {
      // Short rows are joined as many at a time as a vector has lanes.
      let width = builder.vectorWidth
      let isNarrow = isCPU && chunk == sizes.length && chunk < 8 * width && rows >= width
      let rowsPerItem = max(isNarrow ? width : 1, min(rows, 16384 / max(chunk, 1)))
      if !isNarrow { arguments.append(try builder.int(chunk)) }
      if isCPU { arguments.append(try builder.int(rowsPerItem)) }
      builder.launch(
        isNarrow ? "reduce_narrow_rows" : "reduce_rows", of: instance, label: label,
        arguments + [.float(target.scale)],
        global: WorkSize(
          isCPU ? quotientUp(rows, rowsPerItem) : quotientUp(rows, group / lanes) * group),
        local: WorkSize(group))
      return
    }
    arguments += [try builder.int(sizes.inner), try builder.int(chunk)]
    guard isCPU else {
      builder.launch(
        "reduce_columns", of: instance, label: label, arguments + [.float(target.scale)],
        global: WorkSize(quotientUp(sizes.inner, lanes) * rows * group), local: WorkSize(group))
      return
    }
    let span = span(of: sizes, in: builder)
    let spans = max(1, sizes.inner / span)
    builder.launch(
      "reduce_columns", of: instance, label: label,
      arguments + [try builder.int(span), try builder.int(spans), .float(target.scale)],
      global: WorkSize(spans * rows), local: WorkSize(group))
  }

  /// How long the parts are into which an axis is cut, by its size alone; an axis that is no longer
  /// goes in one launch.
  private func chunk(
    of sizes: (outer: Int, length: Int, inner: Int), in builder: PlanBuilder
  ) -> Int {
    if builder.family == .gpu { return chunkOnGPU(of: sizes, in: builder) }
    let longest = builder.longestLine
    if sizes.length > longest, sizes.outer * sizes.inner < 64 {
      return max(longest / 2, quotientUp(sizes.length, 256))
    }
    guard sizes.inner > 1 else { return sizes.length }
    // Few wide work-items with many rows each would leave cores idle: some 128 K elements are enough.
    let span = span(of: sizes, in: builder)
    if sizes.outer * max(1, sizes.inner / span) >= 64 { return sizes.length }
    return max(64, quotientUp(1 << 17, min(span, sizes.inner)), quotientUp(sizes.length, 256))
  }

  /// A GPU hides how long memory takes by many work-items: a line has a group of them, or a part of one
  /// where columns share it.
  private func chunkOnGPU(
    of sizes: (outer: Int, length: Int, inner: Int), in builder: PlanBuilder
  ) -> Int {
    let longest = min(builder.longestLine, 4096)
    let width = sizes.inner == 1 ? 1 : min(sizes.inner, 32)
    let items = sizes.outer * sizes.inner * max(1, 128 / width)
    if sizes.length <= longest || items >= 1 << 16 { return sizes.length }
    let most = min(1024, quotientUp(1 << 17, items))
    return max(longest / 2, quotientUp(sizes.length, most))
  }

  /// How many neighbouring columns a work-item of a CPU joins: whole pages of long ones, so that
  /// memory is read in long runs.
  private func span(
    of sizes: (outer: Int, length: Int, inner: Int), in builder: PlanBuilder
  ) -> Int {
    let isLarge = sizes.outer * sizes.length * sizes.inner > 1 << 18
    let least = roundedUp(quotientUp(16384, sizes.length), to: builder.vectorWidth)
    return min(1024, max(isLarge ? 1024 : 256, least))
  }
}
