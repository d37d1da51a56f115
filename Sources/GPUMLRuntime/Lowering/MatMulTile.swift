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

  init(shape: MatMulShape, vectorWidth: Int, parameters: Parameters, units: Int) {
    self.parameters = parameters
    columnsInPanel = 2 * vectorWidth
    rowPanels = quotientUp(shape.rows, parameters.rowsInPanel)
    columnPanels = quotientUp(shape.columns, columnsInPanel)
    let columnsAtMost = min(
      parameters.mostColumnPanels, quotientUp(MatMulTile.fewestTerms, shape.depth))
    (rowPanelsPerItem, columnPanelsPerItem) = MatMulTile.shares(
      rowPanels, columnPanels, atMost: (parameters.mostRowPanels, columnsAtMost),
      matrices: shape.batch.count, depth: shape.depth, units: units)
    let slabs = quotientUp(shape.depth, MatMulTile.slab)
    let slices = quotientUp(shape.depth, MatMulTile.slice)
    leftItems = shape.transposesLeft ? slabs : rowPanels * slices
    rightItems = shape.transposesRight ? columnPanels * slices : slabs
    leftSize = rowPanels * parameters.rowsInPanel * roundedUp(shape.depth, to: vectorWidth)
    rightSize = columnPanels * columnsInPanel * shape.depth
  }

  /// How many panels of each operand a work-item takes so that all units end at about the same time. It
  /// decides who computes what, and not the order of any sum.
  private static func shares(
    _ rows: Int, _ columns: Int, atMost most: (rows: Int, columns: Int), matrices: Int, depth: Int,
    units: Int
  ) -> (rows: Int, columns: Int) {
    /// In units of the time of one register tile.
    func cost(_ share: (rows: Int, columns: Int)) -> Double {
      let items = quotientUp(rows, share.rows) * quotientUp(columns, share.columns) * matrices
      let tiles = Double(share.rows * share.columns)
      // Panels of the right operand come from afar, those of the left from nearby.
      let fetching = 0.12 * Double(share.columns) + 0.02 * tiles
      let starting = 16 / Double(max(depth, 1))
      return Double(quotientUp(items, units)) * (tiles + fetching + starting)
    }
    var best = (rows: 1, columns: 1)
    for columnShare in 1...max(1, min(most.columns, columns)) {
      for rowShare in 1...max(1, min(most.rows, rows)) {
        let share = (rows: rowShare, columns: columnShare)
        if cost(share) < cost(best) { best = share }
      }
    }
    return best
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
    return MatMulTile(
      shape: shape, vectorWidth: vectorWidth, parameters: parameters,
      units: max(1, device.computeUnits))
  }
}
