import GPUMLDevice
import GPUMLGraph

extension PlanBuilder {
  /// The tile of a product on a GPU: the tuned one, else the shipped one; nil if the device's
  /// work-groups are too small for any.
  func gpuTile(for shape: MatMulShape) -> MatMulGPUTile? {
    let limits = groupLimits
    let shapes = MatMulShapeClass(shape)
    if let values = options.tuning[shapes.key(.gpu)], let tile = MatMulGPUTile(values),
      tile.fits(limits)
    {
      return tile
    }
    return MatMulGPUTile.shipped(shapes, on: DeviceClass(device), limits: limits)
  }
}

extension MatMulKernel {
  /// One work-item an element.
  func launchDirectOnGPU(_ left: BufferID, _ right: BufferID, _ target: BufferID) throws {
    // A row or a column has no second direction to share a group along.
    let (x, y) =
      shape.columns == 1
      ? (1, builder.group(256))
      : shape.rows == 1 ? (builder.group(256), 1) : builder.group(across: 16, down: 16)
    let group = [("WX", "\(x)"), ("WY", "\(y)")]
    try launchOnGPU(
      "matmul_direct", "MatMul/matmul_direct_gpu", group, [left, right, target],
      plane: ((quotientUp(shape.columns, x) * quotientUp(shape.rows, y) * x, y), (x, y)))
  }

  /// A tile a work-group, by matrix units where they may be used.
  func launchTiles(_ left: BufferID, _ right: BufferID, _ target: BufferID) throws {
    if try launchMatrixUnits(left, right, target) { return }
    guard let tile = builder.gpuTile(for: shape) else {
      return try launchDirectOnGPU(left, right, target)
    }
    let groups = quotientUp(shape.columns, tile.nwg) * quotientUp(shape.rows, tile.mwg)
    try launchOnGPU(
      "matmul_tile", "MatMul/matmul_gpu", tile.options(for: shape), [left, right, target],
      plane: ((groups * tile.ndimc, tile.mdimc), (tile.ndimc, tile.mdimc)))
  }

  /// All groups of a product lie along the first dimension: devices take far fewer along the others.
  func launchOnGPU(
    _ function: String, _ file: String, _ tuning: [(String, String)], _ buffers: [BufferID],
    plane: (global: (Int, Int), local: (Int, Int))
  ) throws {
    try launchBatch(
      function,
      KernelInstance(file: file, options: options(tuning), generated: epilogue?.source ?? ""),
      [.reads(buffers[0]), .reads(buffers[1]), .writes(buffers[2])] + (try sizes())
        + (try strides()),
      batch: shape.batch, steps: ownSteps, plane: plane)
  }

  /// The second pass of a product in slices: their sums, and the epilogue.
  func addSlices(_ count: Int, of partial: BufferID, into target: BufferID) throws {
    let group = 64
    let instance = KernelInstance(
      file: "MatMul/matmul_slices_gpu",
      options: resultType == "float" ? [] : [("RESULT", resultType)],
      generated: epilogue?.source ?? "")
    builder.launch(
      "matmul_slices", of: instance, label: "add slices of \(label)",
      [
        .reads(partial), .writes(target), try builder.int(count), try builder.int(shape.rows),
        try builder.int(shape.columns),
      ] + (epilogue?.arguments ?? []),
      global: WorkSize(roundedUp(shape.rows * shape.columns, to: group)), local: WorkSize(group))
  }

  /// How many terms the product of a matrix and a vector reads at once.
  ///
  /// - Parameter stride: From one line of the matrix to the next.
  func vectorWidth(_ stride: Int) -> [(String, String)] {
    let lengths = [stride, shape.depth, shape.batch.leftStep, shape.batch.rightStep]
    let width = [4, 2].first { width in lengths.allSatisfy { $0 % width == 0 } }
    return width.map { [("V", "\($0)")] } ?? []
  }
}
