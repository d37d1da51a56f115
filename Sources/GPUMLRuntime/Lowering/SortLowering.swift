import GPUMLDevice
import GPUMLGraph

extension Sort: KernelLowering {
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    let count = try builder.lines(of: node.inputs[0], along: axis).length
    try Ordering(node, axis: axis, isDescending: isDescending, count: count).lower(in: builder)
  }
}

extension TopK: KernelLowering {
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    // A symbol may turn out too small only now.
    try check(size: builder.lines(of: node.inputs[0], along: axis).length)
    try Ordering(node, axis: axis, isDescending: takesLargest, count: k).lower(in: builder)
  }
}

extension SortGradient: KernelLowering {
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    let target = try builder.writing(node.output())
    let sizes = try builder.lines(of: node.output(), along: axis)
    if try builder.count(node.output()) == 0 { return }
    try builder.fill(target, node.outputs[0], with: 0)
    let k = try builder.lines(of: node.inputs[0], along: axis).length
    let differ = placesDiffer(node.inputs[1])
    let count = differ ? try builder.count(node.inputs[0]) : sizes.outer * sizes.inner
    let (run, group) = builder.family == .cpu ? (differ ? 1024 : 16, 1) : (1, builder.group(256))
    builder.launch(
      "unsort",
      of: KernelInstance(
        file: "Layout/unsort",
        options: [
          ("ELEMENT", node.outputs[0].dtype.byteCount == 2 ? "ushort" : "uint"),
          ("LINES", differ ? "0" : "1"), ("RUN", "\(run)"), ("WG", "\(group)"),
        ]),
      label: "\(name) \(sizes.outer)×\(k)×\(sizes.inner)",
      [
        .reads(try builder.reading(node.inputs[0])), .reads(try builder.reading(node.inputs[1])),
        .writes(target), try builder.int(sizes.outer), try builder.int(k),
        try builder.int(sizes.inner), try builder.int(sizes.length),
      ],
      global: WorkSize(roundedUp(quotientUp(count, run), to: group)), local: WorkSize(group))
  }

  /// Whether no two places along the axis are the same, because an order along it has made them; a
  /// saved graph may have others.
  private func placesDiffer(_ places: Tensor) -> Bool {
    switch places.node.primitive {
    case let sort as Sort: places.index == 1 && sort.axis == axis
    case let order as TopK: places.index == 1 && order.axis == axis
    default: false
    }
  }
}

/// The first few elements along one axis in order, and their places.
private struct Ordering {
  private let node: Node
  private let axis: Int
  private let count: Int
  private let options: [(String, String)]
  private let type: String

  init(_ node: Node, axis: Int, isDescending: Bool, count: Int) {
    self.node = node
    self.axis = axis
    self.count = count
    let dtype = node.inputs[0].dtype
    type = ElementCode.comparedType(dtype)
    options = [
      ("TYPE", type), ("REAL", ElementCode.storageType(dtype)),
      ("DESCENDING", isDescending ? "1" : "0"),
    ]
  }

  /// Elements being sorted, and where they stood.
  private struct Runs {
    let keys: BufferID
    let places: BufferID
    var reads: [Launch.Argument] { [.reads(keys), .reads(places)] }
    var writes: [Launch.Argument] { [.writes(keys), .writes(places)] }
  }

  func lower(in builder: PlanBuilder) throws {
    let result = Runs(
      keys: try builder.writing(node.output(0)), places: try builder.writing(node.output(1)))
    if try builder.count(node.output()) == 0 { return }
    let source = try builder.reading(node.inputs[0])
    let sizes = try builder.lines(of: node.inputs[0], along: axis)
    let lines = sizes.outer * sizes.inner
    let label = "\(node.primitive.name) \(sizes.outer)×\(sizes.length)×\(sizes.inner)"
    let numbers: [Launch.Argument] = [
      try builder.int(sizes.outer), try builder.int(sizes.length), try builder.int(sizes.inner),
      try builder.int(count),
    ]
    func scratch() throws -> Runs {
      let elements = lines * sizes.length
      return Runs(
        keys: try builder.scratch("sorted runs", count: elements, type),
        places: try builder.scratch("sorted places", count: elements, "int"))
    }
    if builder.family == .cpu {
      let linesPerItem = max(1, min(lines, 1024 / sizes.length))
      builder.launch(
        "sort_lines", of: KernelInstance(file: "Layout/sort_cpu", options: options), label: label,
        [.reads(source)] + result.writes + (try scratch()).writes + (try scratch()).writes
          + numbers + [try builder.int(linesPerItem)],
        global: WorkSize(quotientUp(lines, linesPerItem)), local: WorkSize(1))
      return
    }
    // Short lines do not need the large network.
    let block = 2 * builder.group(sizes.length <= 64 ? 32 : 256)
    func instance(final: Bool) -> KernelInstance {
      KernelInstance(
        file: "Layout/sort_gpu",
        options: options + [("BLOCK", "\(block)"), ("FINAL", final ? "1" : "0")])
    }
    var width = block
    var runs = sizes.length <= width ? result : try scratch()
    builder.launch(
      "sort_blocks", of: instance(final: sizes.length <= width), label: label,
      [.reads(source)] + runs.writes + numbers,
      global: WorkSize(lines * quotientUp(sizes.length, block) * (block / 2)),
      local: WorkSize(block / 2))
    while width < sizes.length {
      let isLast = width >= quotientUp(sizes.length, 2)
      let merged = isLast ? result : try scratch()
      builder.launch(
        "sort_merge", of: instance(final: isLast), label: "\(label), runs of \(width)",
        runs.reads + merged.writes + numbers + [try builder.int(width)],
        global: WorkSize(roundedUp(lines * sizes.length, to: block / 2)),
        local: WorkSize(block / 2))
      runs = merged
      width *= 2
    }
  }
}
