import GPUMLDevice
import GPUMLGraph

extension CrossEntropy: KernelLowering {
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    try lower("cross_entropy_lines", node, in: builder)
  }
}

extension CrossEntropyGradient: KernelLowering {
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    try lower("cross_entropy_lines_backward", node, in: builder)
  }
}

extension CrossEntropyWeightGradient: KernelLowering {
  package func lower(_ node: Node, in builder: PlanBuilder) throws {
    try lower("cross_entropy_lines_weights", node, in: builder)
  }
}

extension CrossEntropyPrimitive {
  fileprivate func lower(
    _ function: String, _ node: Node, in builder: PlanBuilder
  ) throws {
    let lines = LineKernel(try builder.shape(node.inputs[0]), axis: 1)
    let share = labelSmoothing / Double(max(1, lines.classes))
    try lines.lower(
      function, node.inputs, node.outputTensors,
      [
        .float(Float(1 - labelSmoothing)), .float(Float(share)),
        .int(ignoredLabel == nil ? 0 : 1), try builder.int(ignoredLabel ?? 0),
      ], in: builder)
  }
}

/// A kernel of the files of lines: [outer, classes, inner] with the lines along the middle axis.
struct LineKernel {
  let outer: Int
  let classes: Int
  let inner: Int

  /// - Parameter axis: That of the lines; nil for the last one.
  init(_ shape: [Int], axis: Int?) {
    let axis = axis ?? shape.count - 1
    outer = shape[..<axis].reduce(1, *)
    classes = shape[axis]
    inner = shape[(axis + 1)...].reduce(1, *)
  }

  /// Adds the launch, unless there is nothing to compute.
  ///
  /// - Parameter numbers: Arguments after the sizes.
  func lower(
    _ function: String, _ operands: [Tensor], _ results: [Tensor],
    _ numbers: [Launch.Argument] = [], in builder: PlanBuilder
  ) throws {
    let targets = try results.map { try builder.writing($0) }
    if try results.allSatisfy({ try builder.count($0) == 0 }) { return }
    let isCPU = builder.family == .cpu
    let isRows = inner == 1
    var arguments = try operands.map { Launch.Argument.reads(try builder.reading($0)) }
    arguments += targets.map { .writes($0) }
    arguments += [try builder.int(outer), try builder.int(classes), try builder.int(inner)]
    arguments += numbers
    let instance = KernelInstance(
      file: isCPU ? "Loss/lines_cpu" : "Loss/lines_gpu",
      options: [
        ("REAL", ElementCode.storageType(operands[0].dtype)), ("ROWS", isRows ? "1" : "0"),
      ] + (isCPU ? [] : [("WG", "\(builder.group(64))")]))
    let label = "\(function) \(outer)×\(classes)×\(inner)"
    if isCPU {
      // A tile is a row, or a vector of neighbouring columns; items of about 2 K elements.
      let width = isRows ? 1 : builder.vectorWidth
      let tiles = outer * quotientUp(inner, width)
      let tilesPerItem = max(1, 2048 / max(1, classes * width))
      builder.launch(
        function, of: instance, label: label, arguments + [try builder.int(tilesPerItem)],
        global: WorkSize(quotientUp(tiles, tilesPerItem)), local: WorkSize(1))
    } else {
      let group = builder.group(64)
      let items = isRows ? outer * group : roundedUp(outer * inner, to: group)
      builder.launch(
        function, of: instance, label: label, arguments, global: WorkSize(items),
        local: WorkSize(group))
    }
  }
}

extension Node {
  /// All outputs as tensors.
  fileprivate var outputTensors: [Tensor] { outputs.indices.map { output($0) } }
}
