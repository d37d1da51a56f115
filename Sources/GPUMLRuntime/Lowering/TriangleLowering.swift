import GPUMLDevice
import GPUMLGraph

extension Triangle: KernelLowering {
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    let shape = try builder.shape(node.output())
    let target = try builder.writing(node.output())
    if try builder.count(node.output()) == 0 { return }
    let (height, width) = (shape[shape.count - 2], shape[shape.count - 1])
    let blocks = RowBlocks(inner: width, outer: shape.dropLast().reduce(1, *), in: builder)
    let options = [
      ("ELEMENT", KernelInstance.mover(byteCount: node.outputs[0].dtype.byteCount)),
      ("UPPER", isUpper ? "1" : "0"),
    ]
    try builder.launch(
      "triangle", of: KernelInstance(file: "Layout/triangle", options: options + blocks.options),
      label: "triangle \(shape)",
      [
        .reads(builder.reading(node.inputs[0])), .writes(target), builder.int(height),
        builder.int(offset(rows: height, columns: width)),
      ] + blocks.arguments(in: builder),
      global: blocks.global, local: blocks.local)
  }
}

extension NumberRange: KernelLowering {
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    let target = try builder.writing(node.output())
    let count = try builder.count(node.output())
    let (run, group) = builder.family == .cpu ? (16384, 1) : (1, builder.group(256))
    let type = ElementCode.storageType(dtype)
    builder.launch(
      "range",
      of: KernelInstance(
        file: "Layout/range",
        options: [
          (dtype.isFloating ? "REAL" : "ELEMENT", type), ("RUN", "\(run)"), ("WG", "\(group)"),
        ]),
      label: "range \(count)", [.writes(target), try builder.int(count)] + numbers,
      global: WorkSize(roundedUp(quotientUp(count, run), to: group)), local: WorkSize(group))
  }

  /// Start and step as arguments.
  private var numbers: [Launch.Argument] {
    if dtype.isFloating { return [.float(Float(start)), .float(Float(step))] }
    return [start, step].flatMap { number -> [Launch.Argument] in
      let bits = Int64(number)
      return [.int(Int32(truncatingIfNeeded: bits)), .int(Int32(truncatingIfNeeded: bits >> 32))]
    }
  }
}
