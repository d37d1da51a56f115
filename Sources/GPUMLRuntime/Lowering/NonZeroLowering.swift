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
    group = isCPU ? 1 : 64
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

extension KeyOrder: KernelLowering {
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    let target = try builder.writing(node.output())
    let count = try builder.count(node.output())
    if count == 0 { return }
    let isCPU = builder.family == .cpu
    let bits = isCPU ? 8 : 4
    let block = isCPU ? max(1024, quotientUp(count, 64)) : max(16, quotientUp(count, 4096))
    let group = isCPU ? 1 : 64
    let tiles = quotientUp(count, block)
    let global = WorkSize(roundedUp(tiles, to: group))
    let counts = builder.scratch("counts", byteCount: tiles * 4 << bits)
    let total = builder.scratch("count", byteCount: 4)
    // Keys and places go back and forth; after an even number of turns places end in the target.
    let keys = (0..<2).map { _ in builder.scratch("keys", byteCount: count * 4) }
    let places = [builder.scratch("places", byteCount: count * 4), target]
    var source = try builder.reading(node.inputs[0])
    for turn in 0..<(32 / bits) {
      let instance = KernelInstance(
        file: "Layout/order",
        options: [
          ("BITS", "\(bits)"), ("FIRST", turn == 0 ? "1" : "0"), ("WG", "\(group)"),
        ])
      let sizes = [try builder.int(count), try builder.int(block), try builder.int(turn * bits)]
      builder.launch(
        "order_count", of: instance, label: "digit \(turn) of \(count) keys",
        [.reads(source), .writes(counts)] + sizes, global: global, local: WorkSize(group))
      try builder.scan(counts, count: tiles << bits, total: total)
      let before = turn == 0 ? [] : [Launch.Argument.reads(places[1 - turn % 2])]
      builder.launch(
        "order_move", of: instance, label: "\(count) keys by digit \(turn)",
        [.reads(source)] + before
          + [.reads(counts), .writes(keys[turn % 2]), .writes(places[turn % 2])] + sizes,
        global: global, local: WorkSize(group))
      source = keys[turn % 2]
    }
  }
}

extension PlanBuilder {
  /// Adds a launch that replaces counts by the sums of those before them.
  func scan(_ counts: BufferID, count: Int, total: BufferID) throws {
    let group = family == .cpu ? 1 : 256
    launch(
      "scan", of: KernelInstance(file: "Layout/scan", options: [("WG", "\(group)")]),
      label: "sums of \(count) counts", [.writes(counts), .writes(total), try int(count)],
      global: WorkSize(group), local: WorkSize(group))
  }
}
