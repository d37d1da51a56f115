/// The register tile and the panels of a product on a CPU (`Kernels/MatMul/matmul_cpu.cl`).
package struct MatMulTile: Sendable {
  private static let mostRowPanels = 10
  private static let mostColumnPanels = 4
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
  /// The terms that are summed in one turn.
  private let depth: Int
  /// The work-items that pack the left operand.
  let leftItems: Int
  /// The work-items that pack the right operand.
  let rightItems: Int

  init(shape: MatMulShape, in builder: PlanBuilder) {
    let vectorWidth = builder.vectorWidth
    depth = builder.options.cutsShortLines ? 32 : 512
    columnsInPanel = 2 * vectorWidth
    rowPanels = quotientUp(shape.rows, rowsInPanel)
    columnPanels = quotientUp(shape.columns, columnsInPanel)
    // Few work-items with much work each and of even size, but enough that several cores share them
    // evenly. A work-item that returns to its tiles for more terms takes several columns, so that
    // its rows' panels come from the cache.
    let fewest = max(1, 16 / shape.batch.count)
    let spread = max(1, rowPanels * columnPanels / fewest)
    let tallest = min(MatMulTile.mostRowPanels, spread)
    rowPanelsPerItem = quotientUp(rowPanels, quotientUp(rowPanels, tallest))
    let widest =
      shape.depth > depth
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
      ("MR", "\(rowsInPanel)"), ("DEPTH", "\(depth)"), ("SLAB", "\(MatMulTile.slab)"),
      ("SLICE", "\(MatMulTile.slice)"), ("ROW_PANELS", "\(MatMulTile.mostRowPanels)"),
      ("COLUMN_PANELS", "\(MatMulTile.mostColumnPanels)"),
    ]
  }
}
