import GPUMLDevice
import GPUMLGraph

extension KeyOrder: KernelLowering {
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    let target = try builder.writing(node.output())
    let count = try builder.count(node.output())
    if count == 0 { return }
    let isCPU = builder.family == .cpu
    let bits = isCPU ? 8 : 4
    let block = isCPU ? max(1024, quotientUp(count, 64)) : max(16, quotientUp(count, 4096))
    let group = isCPU ? 1 : builder.group(64)
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
    let group = family == .cpu ? 1 : group(256)
    launch(
      "scan", of: KernelInstance(file: "Layout/scan", options: [("WG", "\(group)")]),
      label: "sums of \(count) counts", [.writes(counts), .writes(total), try int(count)],
      global: WorkSize(group), local: WorkSize(group))
  }
}
