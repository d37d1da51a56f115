import GPUMLDevice
import GPUMLGraph

extension CumulativeSum: KernelLowering {
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    try Scan(node, axis: axis, operation: .sum, form: isExclusive ? 1 : 0, reversed: isReversed)
      .lower(in: builder)
  }
}

extension CumulativeProduct: KernelLowering {
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    try Scan(node, axis: axis, operation: .product, form: isExclusive ? 1 : 0, reversed: isReversed)
      .lower(in: builder)
  }
}

extension LinearRecurrence: KernelLowering {
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    let code =
      switch form {
      case .inclusive: 0
      case .exclusive: 1
      case .shifted: 2
      }
    try Scan(node, axis: axis, operation: .recurrence, form: code, reversed: isReversed)
      .lower(in: builder)
  }
}

/// A scan along one axis, as the middle axis of [outer, reduce, inner].
///
/// With few lines a long axis goes in three launches: the totals of chunks, their exclusive scan,
/// and the scan of each chunk from there on. It is cut by its size alone, so that the result is the
/// same on every device.
private struct Scan {
  enum Operation: Int { case sum, product, recurrence }

  /// One launch: from where to where, and how.
  struct Step {
    var source: [BufferID]
    var type: String
    var result: [BufferID]
    var resultType: String
    var form: Int
    var start: BufferID?
    var givesTotals = false
    var isTruth = false
    var isReversed = false
  }

  private let node: Node
  private let axis: Int
  private let operation: Operation
  private let form: Int
  private let isReversed: Bool
  /// What elements are computed in.
  private let type: String

  init(_ node: Node, axis: Int, operation: Operation, form: Int, reversed: Bool) {
    self.node = node
    self.axis = axis
    self.operation = operation
    self.form = form
    isReversed = reversed
    type = node.outputs[0].dtype.isFloating ? "float" : "long"
  }

  func lower(in builder: PlanBuilder) throws {
    let target = try builder.writing(node.output())
    if try builder.count(node.output()) == 0 { return }
    let sizes = try builder.lines(of: node.inputs[0], along: axis)
    var whole = Step(
      source: try node.inputs.map { try builder.reading($0) },
      type: ElementCode.storageType(node.inputs[0].dtype), result: [target],
      resultType: ElementCode.storageType(node.outputs[0].dtype), form: form,
      isTruth: node.inputs[0].dtype == .bool, isReversed: isReversed)
    let lines = sizes.outer * sizes.inner
    let longest = builder.longestLine
    guard sizes.length > longest, lines < 64 else {
      try launch(whole, sizes, chunk: sizes.length, in: builder)
      return
    }
    // Not a power of two: chunks go side by side, and would share few lines of the cache.
    let chunk = roundedUp(max(longest / 2, quotientUp(sizes.length, 256)), to: 16) + 16
    let chunks = quotientUp(sizes.length, chunk)
    func scratch() throws -> BufferID {
      try builder.scratch("partial scan", count: lines * chunks, type)
    }
    var totals = whole
    totals.result = [try scratch()] + (operation == .recurrence ? [try scratch()] : [])
    totals.resultType = type
    totals.givesTotals = true
    try launch(totals, sizes, chunk: chunk, in: builder)
    let starts = Step(
      source: totals.result, type: type, result: [try scratch()], resultType: type, form: 1)
    try launch(starts, (sizes.outer, chunks, sizes.inner), chunk: chunks, in: builder)
    whole.start = starts.result[0]
    try launch(whole, sizes, chunk: chunk, in: builder)
  }

  private func launch(
    _ step: Step, _ sizes: (outer: Int, length: Int, inner: Int), chunk: Int,
    in builder: PlanBuilder
  ) throws {
    let isCPU = builder.family == .cpu
    let rows = sizes.outer * quotientUp(sizes.length, chunk)
    func flag(_ value: Bool) -> String { value ? "1" : "0" }
    let instance = KernelInstance(
      file: isCPU ? "Reduce/scan_cpu" : "Reduce/scan_gpu",
      options: [
        ("TYPE", type), ("REAL", step.type), ("REAL_OUT", step.resultType),
        ("TRUTH", flag(step.isTruth)), ("OP", "\(operation.rawValue)"), ("FORM", "\(step.form)"),
        ("TOTALS", flag(step.givesTotals)), ("START", flag(step.start != nil)),
      ] + (isCPU ? [] : [("WG", "\(builder.group(128))")]),
      generated: try KernelFiles.text("Reduce/scan_steps", in: builder.options.kernelFolder))
    var arguments = step.source.map { Launch.Argument.reads($0) }
    if let start = step.start { arguments.append(.reads(start)) }
    arguments += step.result.map { .writes($0) }
    arguments += [try builder.int(sizes.outer), try builder.int(sizes.length)]
    let label = "\(node.primitive.name) \(sizes.outer)×\(sizes.length)×\(sizes.inner)"
    let group = isCPU ? 1 : builder.group(128)
    if sizes.inner == 1 {
      let rowsPerItem = roundedUp(max(1, min(rows, 16384 / max(chunk, 1))), to: 8)
      arguments.append(try builder.int(chunk))
      if isCPU { arguments.append(try builder.int(rowsPerItem)) }
      arguments.append(.int(step.isReversed ? 1 : 0))
      builder.launch(
        "scan_rows", of: instance, label: label, arguments,
        global: WorkSize(isCPU ? quotientUp(rows, rowsPerItem) : rows * group),
        local: WorkSize(group))
      return
    }
    arguments += [
      try builder.int(sizes.inner), try builder.int(chunk), .int(step.isReversed ? 1 : 0),
    ]
    let columns = quotientUp(sizes.inner, isCPU ? builder.vectorWidth : group)
    builder.launch(
      "scan_columns", of: instance, label: label, arguments,
      global: WorkSize(columns * rows * group), local: WorkSize(group))
  }
}
