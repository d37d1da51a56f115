import GPUMLGraph

extension Pad: KernelLowering {
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    let sizes = try builder.shape(node.inputs[0])
    let padded = try builder.shape(node.output())
    try mode.check(sizes, padded: padded, operation: name)
    let target = try builder.writing(node.output())
    // Also the operand's sizes must multiply, though one may be 0.
    _ = try builder.count(node.inputs[0])
    if try builder.count(node.output()) == 0 { return }
    let axes = try PaddedAxis.joined(
      sizes.indices.map {
        PaddedAxis(
          size: sizes[$0], padded: padded[$0], before: try before[$0].signedValue(builder.symbols),
          mode)
      }, mode)
    let outer = axes.dropLast()
    let last = axes[axes.count - 1]
    let blocks = RowBlocks(
      inner: last.padded, outer: outer.reduce(1) { $0 * $1.padded }, in: builder)
    var row = try RowIndices(outer.map(\.padded), in: builder)
    for (place, axis) in outer.enumerated() {
      try row.add("n\(place)", axis.size, in: builder)
      try row.add("b\(place)", axis.base(mode), in: builder)
      row.add("PAD_AXIS(a\(place), n\(place), b\(place))")
    }
    let dtype = node.outputs[0].dtype
    let options = [
      ("ELEMENT", KernelInstance.mover(byteCount: dtype.byteCount)), ("MODE", "\(mode.number)"),
      ("PAD_PARAMS", row.list), ("PAD_ROW", row.code),
    ]
    let bits = HostTensor(doubles: [value], shape: [], dtype: dtype).bits(at: 0)
    let plain = last.plainPlaces
    let numbers =
      try [last.size, last.base(mode), last.clamped, plain.lowerBound, plain.upperBound]
      .map(builder.int) + [
        .int(Int32(truncatingIfNeeded: bits)), .int(Int32(truncatingIfNeeded: bits >> 32)),
      ]
    try builder.launch(
      "pad", of: KernelInstance(file: "Layout/pad", options: options + blocks.options),
      label: "pad \(sizes) to \(padded), \(mode)",
      [.reads(try builder.reading(node.inputs[0])), .writes(target)] + numbers
        + blocks.arguments(in: builder) + row.arguments,
      global: blocks.global, local: blocks.local)
  }
}

extension PadGradient: KernelLowering {
  /// Axis by axis, the last first; what lies between is float32.
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    var shape = try builder.shape(node.inputs[0])
    let sizes = try builder.shape(node.output())
    try mode.check(sizes, padded: shape, operation: name)
    let target = try builder.writing(node.output())
    _ = try builder.count(node.inputs[0])
    if try builder.count(node.output()) == 0 { return }
    let dtype = node.outputs[0].dtype
    let firsts = try before.map { try $0.signedValue(builder.symbols) }
    let moved = shape.indices.filter { shape[$0] != sizes[$0] || firsts[$0] != 0 }
    var source = (try builder.reading(node.inputs[0]), ElementCode.storageType(dtype))
    guard let final = moved.first else {
      try StridedCopy(
        shape, from: StridedCopy.View(whole: shape), to: StridedCopy.View(whole: shape)
      )
      .lower(from: source.0, to: target, dtype, label: name, in: builder)
      return
    }
    for axis in moved.reversed() {
      let outer = shape[..<axis].reduce(1, *)
      let inner = shape[(axis + 1)...].reduce(1, *)
      let width = sizes[axis] * inner
      let (elements, overflow) = outer.multipliedReportingOverflow(by: width)
      guard !overflow, elements <= PlanBuilder.mostElements else {
        throw RuntimeError.tooLarge(tensor: name, elements: overflow ? Int.max : elements)
      }
      let result =
        axis == final
        ? (target, ElementCode.storageType(dtype))
        : (builder.scratch("partial result", byteCount: elements * 4), "float")
      try fold(
        PaddedAxis(size: sizes[axis], padded: shape[axis], before: firsts[axis], mode),
        outer: outer, inner: inner, from: source, to: result, in: builder)
      shape[axis] = sizes[axis]
      source = result
    }
  }

  private func fold(
    _ axis: PaddedAxis, outer: Int, inner: Int, from source: (buffer: BufferID, type: String),
    to result: (buffer: BufferID, type: String), in builder: PlanBuilder
  ) throws {
    let blocks = RowBlocks(inner: axis.size * inner, outer: outer, group: 128, in: builder)
    let options = [
      ("REAL", source.type), ("REAL_OUT", result.type), ("MODE", "\(mode.number)"),
    ]
    let plain = axis.plainElements(mode)
    let numbers = try [
      axis.padded, axis.size, inner, axis.firstPlace(mode), axis.clamped, plain.lowerBound,
      plain.upperBound,
    ].map(builder.int)
    try builder.launch(
      "pad_gradient",
      of: KernelInstance(file: "Layout/pad_gradient", options: options + blocks.options),
      label: "\(name) \(outer)×\(axis.padded)×\(inner), \(mode)",
      [.reads(source.buffer), .writes(result.buffer)] + numbers + blocks.arguments(in: builder),
      global: blocks.global, local: blocks.local)
  }
}
