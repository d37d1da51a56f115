import GPUMLDevice
import GPUMLGraph

extension MatMulKernel {
  var ownSteps: (left: Int, right: Int) { (shape.batch.leftStep, shape.batch.rightStep) }

  /// A matrix times a vector: the matrix is read once, along its rows.
  func launchVector(_ left: BufferID, _ right: BufferID, _ target: BufferID) throws {
    // The vector is the left operand if the result is a row.
    let isRow = shape.rows == 1
    let lines = isRow ? shape.columns : shape.rows
    let isAlong = isRow ? shape.transposesRight || lines == 1 : !shape.transposesLeft
    let batch = isRow ? shape.batch.exchangingOperands() : shape.batch
    let stride = isRow ? shape.rightStride : shape.leftStride
    var tuning = storage + (isRow ? [("IS_ROW", "1")] : [])
    var arguments: [Launch.Argument] =
      (isRow ? [.reads(right), .reads(left)] : [.reads(left), .reads(right)])
      + [
        .writes(target), try builder.int(lines), try builder.int(shape.depth),
        try builder.int(lines == 1 ? shape.depth : stride),
      ]
    let isCPU = builder.family == .cpu
    let (items, group): (Int, Int)
    if isCPU && isAlong {
      let linesAtOnce = lines == 1 ? 1 : lines <= 4 ? 4 : 8
      // Work-items of about 16 K terms, whatever the device, so that few are launched.
      let blocks = max(1, (1 << 14) / (linesAtOnce * shape.depth))
      tuning.append(("LINES", "\(linesAtOnce)"))
      arguments.append(try builder.int(blocks))
      (items, group) = (quotientUp(lines, linesAtOnce * blocks), 1)
    } else if isCPU {
      (items, group) = (quotientUp(lines, 4 * builder.vectorWidth), 1)
    } else {
      group = builder.group(256)
      // Few lines that lie side by side: more groups with fewer lines each, whose reads still fill what
      // memory gives at a time.
      let lanes = min(group, !isAlong && lines <= 4096 && shape.depth >= 256 ? 8 : 32)
      let slots = group / lanes
      tuning += [("LANES", "\(lanes)"), ("SLOTS", "\(slots)")]
      if isAlong { tuning += vectorWidth(lines == 1 ? shape.depth : stride) }
      items = quotientUp(lines, isAlong ? slots : lanes) * group
    }
    let instance = KernelInstance(
      file: isCPU ? "MatMul/matvec_cpu" : "MatMul/matvec_gpu", options: tuning,
      generated: epilogue?.source ?? "")
    try launchBatch(
      isAlong ? "matvec_along" : "matvec_across", instance, arguments, batch: batch,
      steps: (batch.leftStep, batch.rightStep), plane: ((items, 1), (group, 1)))
  }

  func launchDirectOnCPU(_ left: BufferID, _ right: BufferID, _ target: BufferID) throws {
    let width = builder.vectorWidth
    let swept = shape.transposesRight ? shape.rows : shape.columns
    let lines = shape.transposesRight ? shape.columns : shape.rows
    // As many sums as fit the registers: long vectors share what is broadcast.
    let (height, vectors) = swept > 3 * width ? (6, 4) : swept > width ? (8, 2) : (8, 1)
    let isDot = !shape.transposesLeft && shape.transposesRight
    let global =
      isDot
      ? (quotientUp(shape.rows, 4), quotientUp(shape.columns, 4))
      : (quotientUp(lines, height), quotientUp(swept, vectors * width))
    let instance = KernelInstance(
      file: "MatMul/matmul_direct_cpu",
      options: options(
        isDot ? [] : [("DIRECT_ROWS", "\(height)"), ("VECTORS", "\(vectors)")]),
      generated: epilogue?.source ?? "")
    try launchBatch(
      "matmul_direct", instance,
      [.reads(left), .reads(right), .writes(target)] + (try sizes()) + (try strides()),
      batch: shape.batch, steps: ownSteps, plane: (global, (1, 1)))
  }

  /// Computes slices of the sums side by side, then adds these up.
  func launch(
    _ left: BufferID, _ right: BufferID, inSlicesOf terms: Int, to target: BufferID,
    as dtype: DType
  ) throws {
    let count = quotientUp(shape.depth, terms)
    let partial = try Tensor.input(
      "partial products", shape: [Dim(count), Dim(shape.rows), Dim(shape.columns)])
    let buffer = builder.scratch(
      "partial products", byteCount: try builder.count(partial) * MemoryLayout<Float>.size)
    builder.place(partial, at: buffer)
    var kernel = self
    kernel.resultType = "float"
    kernel.epilogue = nil
    for slices in [shape.slices(of: terms), shape.lastSlice(of: terms)] {
      guard let slices else { continue }
      kernel.shape = slices
      try kernel.launch(left, right, into: buffer)
    }
    if builder.family == .gpu {
      return try addSlices(count, of: buffer, into: target)
    }
    let sum = try ReduceSum(axes: [0])(partial)
    if dtype == .float32 {
      builder.place(sum, at: target)
      return try ReduceSum(axes: [0]).lower(sum.node, in: builder)
    }
    try ReduceSum(axes: [0]).lower(sum.node, in: builder)
    let narrow = try Cast(to: dtype)(sum)
    builder.place(narrow, at: target)
    try ElementwiseKernel.lower(ElementwiseGroup(members: [narrow.node]), in: builder)
  }
}

/// Adds the launches of a product of whole numbers.
struct MatMulInteger {
  private let kernel: MatMulKernel
  private let types: [DType]

  init(shape: MatMulShape, node: Node, builder: PlanBuilder) {
    types = node.inputs.map(\.dtype) + [node.outputs[0].dtype]
    kernel = MatMulKernel(
      shape: shape, operandType: "", resultType: "", epilogue: nil, builder: builder)
  }

  func launch(_ left: BufferID, _ right: BufferID, into target: BufferID) throws {
    let (shape, builder) = (kernel.shape, kernel.builder)
    let isCPU = builder.family == .cpu
    let run = isCPU ? 32 : 1
    let (x, y) = isCPU ? (1, 1) : builder.group(across: 16, down: 16)
    let names = types.map { ElementCode.storageType($0) }
    let instance = KernelInstance(
      file: "MatMul/matmul_integer",
      options: [
        ("TRANS_A", shape.transposesLeft ? "1" : "0"),
        ("TRANS_B", shape.transposesRight ? "1" : "0"), ("LEFT", names[0]), ("RIGHT", names[1]),
        ("RESULT", names[2]), ("SUM", types[2].byteCount == 8 ? "ulong" : "uint"),
        ("RUN", "\(run)"), ("WX", "\(x)"), ("WY", "\(y)"),
      ])
    try kernel.launchBatch(
      "matmul_integer", instance,
      [.reads(left), .reads(right), .writes(target)] + (try kernel.sizes())
        + (try kernel.strides()),
      batch: shape.batch.countingAlways(),
      steps: (shape.batch.leftStep, shape.batch.rightStep),
      plane: (
        (quotientUp(shape.columns, run * x) * quotientUp(shape.rows, y) * x, y), (x, y)
      ))
  }
}
