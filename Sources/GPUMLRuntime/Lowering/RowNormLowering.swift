import GPUMLDevice
import GPUMLGraph

extension LayerNorm: KernelLowering {
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    try RowNorm(node, axis: axis, isCentered: true, parameters: Array(node.inputs.dropFirst()))
      .forward(epsilon: epsilon, in: builder)
  }
}

extension RMSNorm: KernelLowering {
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    try RowNorm(node, axis: axis, isCentered: false, parameters: Array(node.inputs.dropFirst()))
      .forward(epsilon: epsilon, in: builder)
  }
}

extension RowNormGradient: KernelLowering {
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    let parameters = Array(node.inputs.dropFirst(isCentered ? 5 : 3))
    try RowNorm(node, axis: axis, isCentered: isCentered, parameters: parameters)
      .backward(in: builder)
  }
}

extension RowNormParameterGradient: KernelLowering {
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    try RowNorm(node, axis: axis, isCentered: isCentered, parameters: []).columns(in: builder)
  }
}

/// The kernels of the row norm files: a few rows a work-item on a CPU, a work-group a row on a GPU.
private struct RowNorm {
  private let node: Node
  private let axis: Int
  private let isCentered: Bool
  private let parameters: [Tensor]

  /// - Parameter parameters: gamma, or gamma and beta, or none.
  init(_ node: Node, axis: Int, isCentered: Bool, parameters: [Tensor]) {
    self.node = node
    self.axis = axis
    self.isCentered = isCentered
    self.parameters = parameters
  }

  func forward(epsilon: Double, in builder: PlanBuilder) throws {
    let outputs = try node.outputs.indices.map { try builder.writing(node.output($0)) }
    try launchRows(
      "row_norm_forward",
      try ([node.inputs[0]] + parameters).map { .reads(try builder.reading($0)) }
        + outputs.map { .writes($0) }, [.float(Float(epsilon))], in: builder)
  }

  func backward(in builder: PlanBuilder) throws {
    let target = try builder.writing(node.output())
    try launchRows(
      "row_norm_backward",
      try node.inputs.map { .reads(try builder.reading($0)) } + [.writes(target)], [], in: builder)
  }

  private func launchRows(
    _ function: String, _ buffers: [Launch.Argument], _ constants: [Launch.Argument],
    in builder: PlanBuilder
  ) throws {
    let (rows, columns) = try sizes(in: builder)
    if rows == 0 { return }
    var arguments = buffers + [try builder.int(rows), try builder.int(columns)]
    let label = "\(node.primitive.name) \(rows)×\(columns)"
    if builder.family == .gpu {
      // A wide group has more to fold; it pays where rows are long.
      let group = builder.group(columns <= 1024 ? 64 : 256)
      builder.launch(
        function, of: instance(group, in: builder), label: label, arguments + constants,
        global: WorkSize(rows * group), local: WorkSize(group))
      return
    }
    let rowsPerItem = max(1, 8192 / max(columns, 1))
    arguments.append(try builder.int(rowsPerItem))
    builder.launch(
      function, of: instance(nil, in: builder), label: label, arguments + constants,
      global: WorkSize(quotientUp(rows, rowsPerItem)), local: WorkSize(1))
  }

  /// Sums over chunks of rows, then the sums of those; the shape alone decides how long a chunk is.
  func columns(in builder: PlanBuilder) throws {
    let (rows, columns) = try sizes(in: builder)
    let results = node.outputs.indices.map { node.output($0) }
    let targets = try results.map { try builder.writing($0) }
    if columns == 0 { return }
    let isCPU = builder.family == .cpu
    let span = 1024
    // On a CPU some 64 K elements a work-item.
    let least = isCPU ? min(256, max(16, (1 << 16) / min(columns, span))) : 64
    let chunk = max(least, quotientUp(rows, 256))
    let chunks = max(1, quotientUp(rows, chunk))
    let partials = targets.map { target in
      chunks == 1 ? target : builder.scratch("partial sums", byteCount: chunks * columns * 4)
    }
    let group = isCPU ? 1 : builder.group(64)
    let width = isCPU ? span : group
    builder.launch(
      "row_norm_columns", of: instance(isCPU ? nil : group, in: builder),
      label: "\(node.primitive.name) \(rows)×\(columns)",
      try node.inputs.map { .reads(try builder.reading($0)) } + partials.map { .writes($0) }
        + [try builder.int(rows), try builder.int(columns), try builder.int(chunk)],
      global: WorkSize(quotientUp(columns, width) * chunks * group), local: WorkSize(group))
    if chunks == 1 { return }
    for (partial, target) in zip(partials, targets) {
      let sums = try Tensor.input("partial sums", shape: [Dim(chunks), Dim(columns)])
      builder.place(sums, at: partial)
      let total = try Node(ReduceSum(axes: [0]), [sums])
      builder.place(total.output(), at: target)
      try ReduceSum(axes: [0]).lower(total, in: builder)
    }
  }

  private func sizes(in builder: PlanBuilder) throws -> (rows: Int, columns: Int) {
    let shape = try builder.shape(node.inputs[0])
    _ = try builder.count(node.inputs[0])
    return (shape[..<axis].reduce(1, *), shape[axis...].reduce(1, *))
  }

  private func instance(_ group: Int?, in builder: PlanBuilder) -> KernelInstance {
    let options = [
      ("REAL", ElementCode.storageType(node.inputs[0].dtype)),
      ("PARAM", ElementCode.storageType(parameters.first?.dtype ?? .float32)),
      ("CENTERED", isCentered ? "1" : "0"), ("SCALED", parameters.isEmpty ? "0" : "1"),
      ("SHIFTED", parameters.count > 1 ? "1" : "0"),
    ]
    return KernelInstance(
      file: builder.family == .cpu ? "Reduce/row_norm_cpu" : "Reduce/row_norm_gpu",
      options: options + (group.map { [("WG", "\($0)")] } ?? []))
  }
}
