import GPUMLDevice
import GPUMLGraph

extension CountNonZero: KernelLowering {
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    let target = try builder.writing(node.output())
    try NonZeroLaunch(node.inputs[0], in: builder).count(into: target, in: builder)
  }
}

extension NonZero: KernelLowering {
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    let target = try builder.writing(node.output())
    if try builder.count(node.output()) == 0 { return }
    let total = builder.scratch("count", byteCount: 4)
    let launch = try NonZeroLaunch(node.inputs[0], dtype: dtype, in: builder)
    let counts = try launch.count(into: total, in: builder)
    try launch.write(rows: builder.shape(node.output())[0], counts, target, in: builder)
  }
}

/// The launches that count and find elements, tile by tile.
private struct NonZeroLaunch {
  private let operand: Tensor
  private let count: Int
  private let block: Int
  private let group: Int
  private let instance: KernelInstance

  init(_ operand: Tensor, dtype: DType = .int64, in builder: PlanBuilder) throws {
    self.operand = operand
    count = try builder.count(operand)
    let isCPU = builder.family == .cpu
    // Few tiles with much work, or many with little; so many as a scan is quick with.
    block = isCPU ? max(4096, quotientUp(count, 64)) : max(16, quotientUp(count, 4096))
    group = isCPU ? 1 : builder.group(64)
    let mask =
      switch operand.dtype {
      case .float32: "0x7fffffffu"
      case .float16, .bfloat16: "0x7fff"
      case .int64: "0xffffffffffffffffUL"
      default: "0xffffffffu"
      }
    instance = KernelInstance(
      file: "Layout/non_zero",
      options: [
        ("ELEMENT", operand.dtype.bitsType), ("MASK", mask),
        ("OUT", ElementCode.storageType(dtype)), ("WG", "\(group)"),
      ])
  }

  private var tiles: Int { quotientUp(count, block) }
  private var global: WorkSize { WorkSize(roundedUp(tiles, to: group)) }

  /// Counts, and returns how many come before each tile.
  @discardableResult
  func count(into total: BufferID, in builder: PlanBuilder) throws -> BufferID {
    let counts = builder.scratch("counts", byteCount: max(1, tiles) * 4)
    builder.launch(
      "non_zero_count", of: instance, label: "count of \(count) elements",
      [
        .reads(try builder.reading(operand)), .writes(counts), try builder.int(count),
        try builder.int(block),
      ], global: global, local: WorkSize(group))
    try builder.scan(counts, count: tiles, total: total)
    return counts
  }

  func write(
    rows: Int, _ counts: BufferID, _ target: BufferID, in builder: PlanBuilder
  ) throws {
    let sizes = try builder.shape(operand)
    let axes = try Tensor.constant(
      HostTensor(sizes.map { Int32(truncatingIfNeeded: $0) }, shape: [sizes.count]))
    builder.launch(
      "non_zero_write", of: instance, label: "indices of \(rows) of \(count) elements",
      [
        .reads(try builder.reading(operand)), .reads(try builder.reading(axes)), .reads(counts),
        .writes(target), try builder.int(count), try builder.int(block),
        try builder.int(sizes.count), try builder.int(rows),
      ], global: global, local: WorkSize(group))
  }
}
