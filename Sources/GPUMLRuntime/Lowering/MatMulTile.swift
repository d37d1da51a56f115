/// The register tile and the panels of a product on a CPU (`Kernels/MatMul/matmul_cpu.cl`).
package struct MatMulTile: Sendable {
  /// What may be tuned.
  package struct Parameters: Sendable, Hashable {
    /// The rows of the register tile.
    package var rowsInPanel = 12
    /// The terms that are summed at a time.
    package var depth = 512
    /// The most panels of either operand that a work-item computes.
    package var mostRowPanels = 10, mostColumnPanels = 4

    package init() {}

    /// The parameters with these values; nil unless all are there and the kernel can take them.
    package init?(_ values: [String: Int]) {
      guard values.count == 4, let rows = values["MR"], let depth = values["DEPTH"],
        let rowPanels = values["ROW_PANELS"], let columnPanels = values["COLUMN_PANELS"],
        8...14 ~= rows, 64...4096 ~= depth, 1...64 ~= rowPanels, 1...16 ~= columnPanels,
        // What a work-item keeps between its turns, at the widest vectors, within its stack.
        rowPanels * columnPanels * rows * 32 <= 1 << 16
      else { return nil }
      (rowsInPanel, self.depth) = (rows, depth)
      (mostRowPanels, mostColumnPanels) = (rowPanels, columnPanels)
    }

    /// The parameters by the names of the kernel's options.
    package var values: [String: Int] {
      [
        "MR": rowsInPanel, "DEPTH": depth, "ROW_PANELS": mostRowPanels,
        "COLUMN_PANELS": mostColumnPanels,
      ]
    }
  }

  private static let slab = 16
  private static let slice = 256
  let parameters: Parameters
  var rowsInPanel: Int { parameters.rowsInPanel }
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

  init(shape: MatMulShape, vectorWidth: Int, parameters: Parameters = Parameters()) {
    self.parameters = parameters
    columnsInPanel = 2 * vectorWidth
    rowPanels = quotientUp(shape.rows, parameters.rowsInPanel)
    columnPanels = quotientUp(shape.columns, columnsInPanel)
    // Few work-items with much work each and of even size, but enough that several cores share them
    // evenly. A work-item that returns to its tiles for more terms takes several columns, so that
    // its rows' panels come from the cache.
    let fewest = max(1, 16 / shape.batch.count)
    let spread = max(1, rowPanels * columnPanels / fewest)
    let tallest = min(parameters.mostRowPanels, spread)
    rowPanelsPerItem = quotientUp(rowPanels, quotientUp(rowPanels, tallest))
    let widest =
      shape.depth > parameters.depth
      ? min(parameters.mostColumnPanels, max(1, spread / rowPanelsPerItem)) : 1
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
    parameters.values.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
      + [("SLAB", "\(MatMulTile.slab)"), ("SLICE", "\(MatMulTile.slice)")]
  }
}

extension PlanBuilder {
  /// The tile of a product on a CPU: the tuned one, else the shipped one.
  func cpuTile(for shape: MatMulShape) -> MatMulTile {
    let tuned = options.tuning[MatMulShapeClass(shape).key(.cpu)]
    return MatMulTile(
      shape: shape, vectorWidth: vectorWidth,
      parameters: tuned.flatMap(MatMulTile.Parameters.init) ?? MatMulTile.Parameters())
  }
}
