/// The register tile, the panels and the work-items of a product on a CPU
/// (`Kernels/MatMul/matmul_cpu.cl`, `matmul_pack_cpu.cl`).
package struct MatMulTile: Sendable {
  /// What may be tuned.
  package struct Parameters: Sendable, Hashable {
    /// The rows of the register tile.
    package var rowsInPanel: Int
    /// The terms that are summed at a time.
    package var depth: Int
    /// The most panels of the left operand that a work-item computes.
    package var mostRowPanels = 5
    /// The most panels of the right operand that a work-item computes.
    package var mostColumnPanels = 8

    /// The shipped parameters, measured on AVX-512.
    ///
    /// - Parameter vectorWidth: Devices with wide vectors have 32 registers of them, others 16, of which
    ///   the tile leaves three for the operands.
    package init(vectorWidth: Int = 16) {
      rowsInPanel = vectorWidth == 16 ? 13 : 6
      depth = 64 * vectorWidth
    }

    /// The parameters with these values; nil unless all are there and the kernel can take them.
    package init?(_ values: [String: Int]) {
      guard values.count == 4, let rows = values["MR"], let depth = values["DEPTH"],
        let rowPanels = values["ROW_PANELS"], let columnPanels = values["COLUMN_PANELS"],
        4...14 ~= rows, 64...4096 ~= depth, depth.isMultiple(of: 16), 1...32 ~= rowPanels,
        1...16 ~= columnPanels
      else { return nil }
      (rowsInPanel, self.depth) = (rows, depth)
      (mostRowPanels, mostColumnPanels) = (rowPanels, columnPanels)
    }

    /// The parameters by name.
    package var values: [String: Int] {
      [
        "MR": rowsInPanel, "DEPTH": depth, "ROW_PANELS": mostRowPanels,
        "COLUMN_PANELS": mostColumnPanels,
      ]
    }
  }

  private static let slab = 8
  private static let slice = 256
  /// Enough work-items that several cores share them evenly.
  private static let fewestItems = 24
  /// Terms below which a work-item takes more columns, so that starting it does not count.
  private static let fewestTerms = 256

  let parameters: Parameters
  let columnsInPanel: Int
  /// The panels of the left operand.
  let rowPanels: Int
  /// The panels of the right operand.
  let columnPanels: Int
  /// The row panels that one work-item computes at most.
  let rowPanelsPerItem: Int
  /// The column panels that one work-item computes at most.
  let columnPanelsPerItem: Int
  /// The work-items that pack the left operand.
  let leftItems: Int
  /// The work-items that pack the right operand.
  let rightItems: Int
  /// The floats of the packed left operand.
  let leftSize: Int
  /// The floats of the packed right operand.
  let rightSize: Int

  init(shape: MatMulShape, vectorWidth: Int, parameters: Parameters) {
    self.parameters = parameters
    columnsInPanel = 2 * vectorWidth
    rowPanels = quotientUp(shape.rows, parameters.rowsInPanel)
    columnPanels = quotientUp(shape.columns, columnsInPanel)
    // Few work-items with much work each and of even size.
    let fewest = max(1, MatMulTile.fewestItems / shape.batch.count)
    let spread = max(1, rowPanels * columnPanels / fewest)
    rowPanelsPerItem = MatMulTile.share(
      of: rowPanels, atMost: min(parameters.mostRowPanels, spread))
    let widest = min(
      parameters.mostColumnPanels, max(1, spread / rowPanelsPerItem),
      quotientUp(MatMulTile.fewestTerms, shape.depth))
    columnPanelsPerItem = quotientUp(columnPanels, quotientUp(columnPanels, widest))
    let slabs = quotientUp(shape.depth, MatMulTile.slab)
    let slices = quotientUp(shape.depth, MatMulTile.slice)
    leftItems = shape.transposesLeft ? slabs : rowPanels * slices
    rightItems = shape.transposesRight ? columnPanels * slices : slabs
    leftSize = rowPanels * parameters.rowsInPanel * roundedUp(shape.depth, to: vectorWidth)
    rightSize = columnPanels * columnsInPanel * shape.depth
  }

  /// How many of some panels a work-item takes so that few are left for the last one; the more panels,
  /// the rarer another one of the right operand is read.
  private static func share(of panels: Int, atMost most: Int) -> Int {
    func cost(_ share: Int) -> Double {
      Double(quotientUp(panels, share) * share) / Double(panels) + 0.02 / Double(share)
    }
    return (1...max(1, most)).min { cost($0) < cost($1) } ?? 1
  }

  /// The work-items along the rows.
  var itemRows: Int { quotientUp(rowPanels, rowPanelsPerItem) }
  /// The work-items along the columns.
  var itemColumns: Int { quotientUp(columnPanels, columnPanelsPerItem) }

  /// The options of the kernel that packs.
  var packingOptions: [(String, String)] {
    [
      ("MR", "\(parameters.rowsInPanel)"), ("SLAB", "\(MatMulTile.slab)"),
      ("SLICE", "\(MatMulTile.slice)"),
    ]
  }

  /// The options of the kernel that multiplies.
  var options: [(String, String)] {
    [
      ("MR", "\(parameters.rowsInPanel)"), ("DEPTH", "\(parameters.depth)"),
      ("ROW_PANELS", "\(parameters.mostRowPanels)"),
    ]
  }
}

extension PlanBuilder {
  /// The tile of a product on a CPU: the tuned one, else the shipped one.
  func cpuTile(for shape: MatMulShape) -> MatMulTile {
    let tuned = options.tuning[MatMulShapeClass(shape).key(.cpu)]
    var parameters =
      tuned.flatMap(MatMulTile.Parameters.init) ?? MatMulTile.Parameters(vectorWidth: vectorWidth)
    if options.cutsShortLines { parameters.depth = 2 * vectorWidth }
    return MatMulTile(shape: shape, vectorWidth: vectorWidth, parameters: parameters)
  }
}
