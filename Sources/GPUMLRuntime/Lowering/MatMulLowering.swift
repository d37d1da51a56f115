import GPUMLDevice
import GPUMLGraph

/// The forms of the matrix product's kernels.
private enum MatMulForm {
  /// Reads the operands in place: no packing, no tiles.
  case direct
  /// Packed panels on a CPU, local tiles on a GPU.
  case tiled
}

extension MatMul: EpilogueLowering {
  package func takesEpilogue(_ node: Node, in builder: PlanBuilder) throws -> Bool {
    node.outputs[0].dtype == .float32
  }

  package func lower(_ node: Node, epilogue: Epilogue?, in builder: PlanBuilder) throws {
    let (left, right) = (node.inputs[0], node.inputs[1])
    let (leftShape, rightShape) = (try builder.shape(left), try builder.shape(right))
    let product = MatMulShape(
      rows: transposesLeft ? leftShape[1] : leftShape[0],
      columns: transposesRight ? rightShape[0] : rightShape[1],
      depth: transposesLeft ? leftShape[0] : leftShape[1],
      leftStride: leftShape[1], rightStride: rightShape[1],
      transposesLeft: transposesLeft, transposesRight: transposesRight)
    let target = try builder.writing(epilogue?.result ?? node.output())
    if product.rows == 0 || product.columns == 0 { return }
    let operands = (try builder.reading(left), try builder.reading(right))
    let kernel = MatMulKernel(shape: product, epilogue: epilogue, builder: builder)
    try kernel.launch(operands.0, operands.1, into: target)
  }
}

/// The sizes of a matrix product.
package struct MatMulShape: Sendable {
  package let rows: Int
  package let columns: Int
  package let depth: Int
  package let leftStride: Int
  package let rightStride: Int
  package let transposesLeft: Bool
  package let transposesRight: Bool

  /// The multiply-adds of the product.
  var work: Int { rows.multipliedReportingOverflow(by: columns).partialValue &* max(depth, 1) }
}

/// Adds the launches of a product in the form that suits its shape.
package struct MatMulKernel {
  let shape: MatMulShape
  let epilogue: Epilogue?
  let builder: PlanBuilder

  package init(shape: MatMulShape, epilogue: Epilogue?, builder: PlanBuilder) {
    self.shape = shape
    self.epilogue = epilogue
    self.builder = builder
  }

  private var label: String {
    "matmul \(shape.rows)×\(shape.columns)×\(shape.depth)"
      + (epilogue.map { " " + $0.label } ?? "")
  }

  private func options(_ tuning: [(String, String)] = []) -> [(String, String)] {
    [
      ("TRANS_A", shape.transposesLeft ? "1" : "0"),
      ("TRANS_B", shape.transposesRight ? "1" : "0"),
    ] + tuning
  }

  private func sizes() throws -> [Launch.Argument] {
    [
      try builder.int(shape.rows), try builder.int(shape.columns), try builder.int(shape.depth),
    ]
  }

  package func launch(_ left: BufferID, _ right: BufferID, into target: BufferID) throws {
    switch builder.family {
    case .cpu where isSmall: try launchDirectOnCPU(left, right, target)
    case .cpu: try launchPacked(left, right, target)
    case .gpu: try launchOnGPU(left, right, target)
    }
  }

  /// Whether packing would cost more than it gains: measured on AVX-512.
  private var isSmall: Bool {
    if shape.depth == 0 || !builder.allowsPacking(MatMul.name) { return true }
    if builder.options.packsSmallProducts { return false }
    let isShortDot =
      !shape.transposesLeft && shape.transposesRight && shape.depth < 2 * builder.vectorWidth
      && shape.work > 1 << 20
    let isThin = min(shape.rows, shape.columns) <= 16
    return !isShortDot && (isThin || shape.work <= 4 << 20)
  }

  private func launchDirectOnCPU(
    _ left: BufferID, _ right: BufferID, _ target: BufferID
  ) throws {
    let width = builder.vectorWidth
    let global =
      switch (shape.transposesLeft, shape.transposesRight) {
      case (true, true):
        WorkSize(quotientUp(shape.columns, 8), quotientUp(shape.rows, width))
      case (false, true): WorkSize(quotientUp(shape.rows, 4), quotientUp(shape.columns, 4))
      case (_, false): WorkSize(quotientUp(shape.rows, 8), quotientUp(shape.columns, width))
      }
    let instance = KernelInstance(
      file: "MatMul/matmul_direct_cpu", options: options(), generated: epilogue?.source ?? "")
    builder.launch(
      "matmul_direct", of: instance, label: label,
      [.reads(left), .reads(right), .writes(target)] + (try sizes()) + (try strides())
        + (epilogue?.arguments ?? []),
      global: global, local: WorkSize(1, 1))
  }

  private func strides() throws -> [Launch.Argument] {
    [
      try builder.int(shape.leftStride), try builder.int(shape.rightStride),
      try builder.int(shape.columns),
    ]
  }

  private func launchPacked(_ left: BufferID, _ right: BufferID, _ target: BufferID) throws {
    let tile = MatMulTile(shape: shape, vectorWidth: builder.vectorWidth)
    let tuning = options(tile.options)
    let packing = KernelInstance(file: "MatMul/matmul_cpu", options: tuning)
    let bytes = MemoryLayout<Float>.size
    let packedLeft = builder.scratch(
      "packed left operand",
      byteCount: tile.rowPanels * tile.rowsInPanel * shape.depth * bytes)
    let packedRight = builder.scratch(
      "packed right operand",
      byteCount: tile.columnPanels * tile.columnsInPanel * shape.depth * bytes)
    builder.launch(
      "matmul_pack", of: packing, label: "pack for \(label)",
      [.reads(left), .reads(right), .writes(packedLeft), .writes(packedRight)] + (try sizes())
        + [
          try builder.int(shape.leftStride), try builder.int(shape.rightStride),
          try builder.int(tile.leftItems),
        ],
      global: WorkSize(tile.leftItems + tile.rightItems), local: WorkSize(1))
    let product = KernelInstance(
      file: "MatMul/matmul_cpu", options: tuning, generated: epilogue?.source ?? "")
    builder.launch(
      "matmul_tile", of: product, label: label,
      [.reads(packedLeft), .reads(packedRight), .writes(target)] + (try sizes())
        + [
          try builder.int(shape.columns), try builder.int(tile.rowPanelsPerItem),
          try builder.int(tile.columnPanelsPerItem),
        ] + (epilogue?.arguments ?? []),
      global: WorkSize(tile.itemColumns, tile.itemRows), local: WorkSize(1, 1))
  }

  private func launchOnGPU(_ left: BufferID, _ right: BufferID, _ target: BufferID) throws {
    let arguments =
      [.reads(left), .reads(right), .writes(target)] + (try sizes()) + (try strides())
      + (epilogue?.arguments ?? [])
    let generated = epilogue?.source ?? ""
    let isTiny = shape.work <= 32 * 32 * 32 && !builder.options.packsSmallProducts
    if isTiny || shape.depth == 0 || !builder.allowsPacking(MatMul.name) {
      builder.launch(
        "matmul_direct",
        of: KernelInstance(
          file: "MatMul/matmul_direct_gpu", options: options(), generated: generated),
        label: label, arguments,
        global: WorkSize(roundedUp(shape.columns, to: 16), roundedUp(shape.rows, to: 16)),
        local: WorkSize(16, 16))
      return
    }
    builder.launch(
      "matmul_tile",
      of: KernelInstance(file: "MatMul/matmul_gpu", options: options(), generated: generated),
      label: label, arguments,
      global: WorkSize(quotientUp(shape.columns, 64) * 16, quotientUp(shape.rows, 64) * 16),
      local: WorkSize(16, 16))
  }
}

/// The register tile and the panels of a product on a CPU (`Kernels/MatMul/matmul_cpu.cl`).
package struct MatMulTile: Sendable {
  private static let mostRowPanels = 10
  private static let mostColumnPanels = 4
  private static let depth = 512
  private static let slab = 16
  private static let slice = 256
  let rowsInPanel = 12
  let columnsInPanel: Int
  let rowPanels: Int
  let columnPanels: Int
  /// The row panels that one work-item computes at most.
  let rowPanelsPerItem: Int
  /// The column panels that one work-item computes at most.
  let columnPanelsPerItem: Int
  /// The work-items that pack the left operand.
  let leftItems: Int
  /// The work-items that pack the right operand.
  let rightItems: Int

  init(shape: MatMulShape, vectorWidth: Int) {
    columnsInPanel = 2 * vectorWidth
    rowPanels = quotientUp(shape.rows, rowsInPanel)
    columnPanels = quotientUp(shape.columns, columnsInPanel)
    // Few work-items with much work each and of even size, but enough that several cores share them
    // evenly. A work-item that returns to its tiles for more terms takes several columns, so that
    // its rows' panels come from the cache.
    let fewest = 16
    let spread = max(1, rowPanels * columnPanels / fewest)
    let tallest = min(MatMulTile.mostRowPanels, spread)
    rowPanelsPerItem = quotientUp(rowPanels, quotientUp(rowPanels, tallest))
    let widest =
      shape.depth > MatMulTile.depth
      ? min(MatMulTile.mostColumnPanels, max(1, spread / rowPanelsPerItem)) : 1
    columnPanelsPerItem = quotientUp(columnPanels, quotientUp(columnPanels, widest))
    let slabs = quotientUp(shape.depth, MatMulTile.slab)
    let slices = quotientUp(shape.depth, MatMulTile.slice)
    leftItems = shape.transposesLeft ? slabs : rowPanels * slices
    rightItems = shape.transposesRight ? columnPanels * slices : slabs
  }

  /// The work-items along the rows.
  var itemRows: Int { quotientUp(rowPanels, rowPanelsPerItem) }
  /// The work-items along the columns.
  var itemColumns: Int { quotientUp(columnPanels, columnPanelsPerItem) }

  var options: [(String, String)] {
    [
      ("MR", "\(rowsInPanel)"), ("DEPTH", "\(MatMulTile.depth)"), ("SLAB", "\(MatMulTile.slab)"),
      ("SLICE", "\(MatMulTile.slice)"), ("ROW_PANELS", "\(MatMulTile.mostRowPanels)"),
      ("COLUMN_PANELS", "\(MatMulTile.mostColumnPanels)"),
    ]
  }
}
