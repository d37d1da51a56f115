import GPUMLDevice
import GPUMLGraph

extension Gather: KernelLowering {
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    let shape = try builder.shape(node.inputs[0])
    let picks = try builder.count(node.inputs[1])
    try GatherLaunch(
      node: node, sizes: AxisSizes(shape, axis: axis, picks: picks), isAlong: false,
      fillsZero: fillsZero
    ).lower(in: builder)
  }
}

extension TakeAlongAxis: KernelLowering {
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    let shape = try builder.shape(node.inputs[0])
    let picks = try builder.shape(node.inputs[1])[axis]
    // Where values have other sizes than the indices' 0 there is nothing to take.
    try GatherLaunch(
      node: node, sizes: AxisSizes(shape, axis: axis, picks: picks), isAlong: true,
      fillsZero: fillsZero
    ).lower(in: builder)
  }
}

extension ScatterSum: KernelLowering {
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    let picks = try builder.count(node.inputs[1])
    try ScatterLaunch(
      node: node,
      sizes: AxisSizes(try builder.shape(node.output()), axis: axis, picks: picks), isAlong: false
    ).lower(in: builder)
  }
}

extension ScatterSumAlongAxis: KernelLowering {
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    try lowerAlongAxis(node, in: builder)
  }
}

extension LastPlaces: KernelLowering {
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    try lowerAlongAxis(node, in: builder)
  }
}

extension ScatterPrimitive {
  /// Adds the launch of a primitive whose elements each have an index of their own.
  fileprivate func lowerAlongAxis(_ node: Node, in builder: PlanBuilder) throws {
    let picks = try builder.shape(node.inputs[0])[axis]
    try ScatterLaunch(
      node: node,
      sizes: AxisSizes(try builder.shape(node.output()), axis: axis, picks: picks), isAlong: true
    ).lower(in: builder)
  }
}

extension ScatterSum: Float32Lowering {}
extension ScatterSumAlongAxis: Float32Lowering {}

/// A tensor's sizes around an axis, and how many picks the indices make along it.
private struct AxisSizes {
  let outer: Int
  let size: Int
  let inner: Int
  let picks: Int

  init(_ shape: [Int], axis: Int, picks: Int) {
    outer = shape[..<axis].reduce(1, *)
    size = shape[axis]
    inner = shape[(axis + 1)...].reduce(1, *)
    self.picks = picks
  }

  var text: String { "\(outer)×\(size)×\(inner), \(picks) picks" }
}

/// The launch of a gather.
private struct GatherLaunch {
  let node: Node
  let sizes: AxisSizes
  let isAlong: Bool
  let fillsZero: Bool

  func lower(in builder: PlanBuilder) throws {
    let target = try builder.writing(node.output())
    let count = try builder.count(node.output())
    if count == 0 { return }
    let (run, group) = builder.family == .cpu ? (4096, 1) : (1, builder.group(256))
    let dtype = node.outputs[0].dtype
    let instance = KernelInstance(
      file: "Layout/gather",
      options: [
        ("ELEMENT", dtype.bitsType), ("FILL", fillsZero ? "0" : dtype.notANumber),
        ("INDEX", ElementCode.storageType(node.inputs[1].dtype)), ("ALONG", isAlong ? "1" : "0"),
        ("RUN", "\(run)"), ("WG", "\(group)"),
      ])
    builder.launch(
      "gather", of: instance, label: "\(node.primitive.name) \(sizes.text)",
      [
        .reads(try builder.reading(node.inputs[0])), .reads(try builder.reading(node.inputs[1])),
        .writes(target), try builder.int(count), try builder.int(sizes.size),
        try builder.int(sizes.picks), try builder.int(sizes.inner),
      ],
      global: WorkSize(roundedUp(quotientUp(count, run), to: group)), local: WorkSize(group))
  }
}

/// The launch of a scatter; the last operand holds the indices.
private struct ScatterLaunch {
  let node: Node
  let sizes: AxisSizes
  let isAlong: Bool

  func lower(in builder: PlanBuilder) throws {
    let target = try builder.writing(node.output())
    if try builder.count(node.output()) == 0 { return }
    let operands = try node.inputs.map { Launch.Argument.reads(try builder.reading($0)) }
    let isCPU = builder.family == .cpu
    let (columns, span) = isCPU ? cut(builder.vectorWidth) : (1, gpuSpan)
    let items = sizes.outer * quotientUp(sizes.inner, columns) * quotientUp(sizes.size, span)
    let group = isCPU ? 1 : builder.group(256)
    let isSum = node.inputs.count == 2
    let instance = KernelInstance(
      file: "Layout/scatter",
      options: [
        ("TYPE", isSum ? node.outputs[0].dtype.wrappingType : "int"),
        ("INDEX", ElementCode.storageType(node.inputs[node.inputs.count - 1].dtype)),
        ("ALONG", isAlong ? "1" : "0"), ("PLACES", isSum ? "0" : "1"), ("WG", "\(group)"),
      ])
    builder.launch(
      "scatter", of: instance, label: "\(node.primitive.name) \(sizes.text)",
      operands + [
        .writes(target), try builder.int(sizes.outer), try builder.int(sizes.size),
        try builder.int(sizes.picks), try builder.int(sizes.inner), try builder.int(columns),
        try builder.int(span),
      ],
      global: WorkSize(roundedUp(items, to: group)), local: WorkSize(group))
  }

  /// A work-item of a CPU owns whole vectors of columns; only where these are few are places shared
  /// out as well, because every share goes over all indices.
  private func cut(_ vectorWidth: Int) -> (columns: Int, span: Int) {
    let elements = sizes.outer * (sizes.size + sizes.picks) * sizes.inner
    let items = min(16, quotientUp(elements, 16384))
    let perBlock = quotientUp(items, sizes.outer)
    let columns = min(
      sizes.inner, roundedUp(quotientUp(sizes.inner, perBlock), to: vectorWidth))
    let chunks = sizes.outer * quotientUp(sizes.inner, columns)
    let spans = min(4, sizes.size, quotientUp(items, chunks))
    return (columns, quotientUp(sizes.size, spans))
  }

  /// As many places a work-item as leave enough work-items to fill a GPU.
  private var gpuSpan: Int {
    let spans = min(sizes.size, quotientUp(16384, sizes.outer * sizes.inner))
    return quotientUp(sizes.size, spans)
  }
}

extension DType {
  /// The OpenCL C type that moves elements of this type without a look at them.
  var bitsType: String {
    switch byteCount {
    case 1: "uchar"
    case 2: "ushort"
    case 4: "uint"
    default: "ulong"
    }
  }

  /// The bits of NaN; 0 where there is none.
  fileprivate var notANumber: String {
    switch self {
    case .float32: "0x7fc00000u"
    case .float16: "0x7e00"
    case .bfloat16: "0x7fc0"
    default: "0"
    }
  }

  /// The OpenCL C type in which sums of this type are taken: integers wrap around.
  fileprivate var wrappingType: String { self == .float32 ? "float" : bitsType }
}
