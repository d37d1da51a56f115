import GPUMLDevice
import GPUMLGraph

/// The forms of the matrix product's kernels.
enum MatMulForm {
  /// A matrix times a vector.
  case vector
  /// Reads the operands in place: no packing, no tiles.
  case direct
  /// Packed panels on a CPU, local tiles on a GPU.
  case tiled
}

/// The sizes of a matrix product, or of each one of a batch.
package struct MatMulShape: Sendable {
  package private(set) var rows: Int
  package private(set) var columns: Int
  package private(set) var depth: Int
  package private(set) var leftStride: Int
  package private(set) var rightStride: Int
  package private(set) var transposesLeft: Bool
  package private(set) var transposesRight: Bool
  package private(set) var batch: MatMulBatch

  /// The sizes of a product that is not empty; nil if its batch repeats in more ways than kernels
  /// can count.
  init?(_ product: MatMul, _ left: [Int], _ right: [Int]) {
    let (leftRows, leftColumns) = (left[left.count - 2], left[left.count - 1])
    let (rightRows, rightColumns) = (right[right.count - 2], right[right.count - 1])
    rows = product.transposesLeft ? leftColumns : leftRows
    columns = product.transposesRight ? rightRows : rightColumns
    depth = product.transposesLeft ? leftRows : leftColumns
    // What has one line or column is its own transpose.
    transposesLeft = product.transposesLeft && rows != 1 && depth != 1
    transposesRight = product.transposesRight && columns != 1 && depth != 1
    leftStride = transposesLeft ? rows : depth
    rightStride = transposesRight ? depth : columns
    guard
      let batch = MatMulBatch(
        Array(left.dropLast(2)), Array(right.dropLast(2)), leftStep: rows * depth,
        rightStep: depth * columns)
    else { return nil }
    self.batch = batch
    // Matrices that follow one another and meet the same right operand are one tall matrix.
    if !transposesLeft, let joined = self.batch.takeRepeatsOfRight() {
      rows *= joined
      self.batch.leftStep *= joined
    }
  }

  /// The results of one group on a GPU, about.
  private static let tile = 64 * 64

  /// The multiply-adds of one product.
  var work: Int { rows.multipliedReportingOverflow(by: columns).partialValue &* max(depth, 1) }

  /// Which kernels compute it.
  ///
  /// - Parameter isKept: Whether the right operand stays packed from run to run.
  func form(in builder: PlanBuilder, isKept: Bool) -> MatMulForm {
    if depth == 0 { return .direct }
    let allowed = builder.allowsPacking(MatMul.name)
    let packs = builder.options.packsSmallProducts && allowed
    let isVector = min(rows, columns) == 1
    switch builder.family {
    case .cpu:
      if packs { return .tiled }
      if isVector { return .vector }
      return allowed && gainsByPacking(builder.vectorWidth, isKept: isKept) ? .tiled : .direct
    case .gpu:
      // A group needs enough terms to share.
      if isVector && !packs { return depth > 64 ? .vector : .direct }
      if !allowed || work <= 32 * 32 * 32 && !packs { return .direct }
      return builder.gpuTile(for: self) == nil ? .direct : .tiled
    }
  }

  /// Whether a CPU gains more by packed panels than they cost: measured on AVX-512.
  private func gainsByPacking(_ vectorWidth: Int, isKept: Bool) -> Bool {
    // Read in place, both operands run along the terms, which takes sums over lanes.
    let isDot = !transposesLeft && transposesRight
    if isKept {
      // Of a panel, which is two vectors wide, too little would be used.
      if isDot && columns < vectorWidth && depth >= 2 * vectorWidth { return false }
      return rows > 4 && work > (isDot ? 1 << 16 : 1 << 20)
    }
    let isThin = min(rows, columns) <= 16
    if isDot { return work > 1 << 16 && (!isThin || depth < 2 * vectorWidth) }
    return !isThin && work > (transposesRight ? 1 << 22 : 1 << 24)
  }

  /// How many terms are summed at a time where too few elements have too many terms each to keep a
  /// device busy; nil otherwise. It depends on the sizes alone, so that results do too.
  func slice(in builder: PlanBuilder) -> Int? {
    guard batch.isSingle else { return nil }
    let outputs = rows.multipliedReportingOverflow(by: columns).partialValue
    let (cuts, isVector) = (builder.options.cutsShortLines, min(rows, columns) == 1)
    let isCPU = builder.family == .cpu
    let fewest = cuts ? 1 << 8 : isCPU ? 1 << 17 : 1 << 12
    let isSliced =
      isCPU
      ? outputs <= 256 && !builder.options.packsSmallProducts
      // So few groups, or lines a group each, that most of the device would be idle.
      : outputs <= (isVector ? 128 : 32 * MatMulShape.tile)
    if !isSliced || depth < fewest { return nil }
    let groups = isVector ? 1 : max(1, quotientUp(outputs, MatMulShape.tile))
    let shortest = cuts ? 1 << 6 : isCPU ? 1 << 14 : 1 << 10
    let most = isCPU ? 64 : max(4, min(64, 256 / groups))
    return roundedUp(max(shortest, quotientUp(depth, most)), to: 64)
  }

  /// The product of the exchanged operands, whose result is this one's transpose.
  func crossed() -> MatMulShape {
    var shape = self
    (shape.rows, shape.columns) = (columns, rows)
    (shape.leftStride, shape.rightStride) = (rightStride, leftStride)
    (shape.transposesLeft, shape.transposesRight) = (!transposesRight, !transposesLeft)
    shape.batch = batch.exchangingOperands()
    return shape
  }

  /// The slices that have all `terms`, as a batch.
  func slices(of terms: Int) -> MatMulShape {
    var shape = self
    shape.depth = terms
    shape.batch = MatMulBatch(
      slices: depth / terms, leftStep: terms * (transposesLeft ? leftStride : 1),
      rightStep: terms * (transposesRight ? 1 : rightStride))
    return shape
  }

  /// The slice that is left over; nil if there is none.
  func lastSlice(of terms: Int) -> MatMulShape? {
    let count = depth / terms
    if count * terms == depth { return nil }
    var shape = slices(of: terms)
    shape.depth = depth - count * terms
    shape.batch.goOn()
    return shape
  }
}
