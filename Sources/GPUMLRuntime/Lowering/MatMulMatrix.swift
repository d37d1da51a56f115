import GPUMLDevice
import GPUMLGraph

extension MatMulShapeClass {
  /// The key of parameters for matrix units.
  package func key(_ operand: MatrixOperand) -> TuningKey {
    TuningKey(.gpu, operand.tuningName, name)
  }
}

extension PlanBuilder {
  /// The tile of a product by matrix units: the tuned one, else the shipped one; nil if the device's
  /// work-groups are too small for any.
  func matrixTile(for shape: MatMulShape, _ multiplier: MatrixMultiplier) -> MatMulMatrixTile? {
    let limits = groupLimits
    let shapes = MatMulShapeClass(shape)
    if let values = options.tuning[shapes.key(multiplier.operand)],
      let tile = MatMulMatrixTile(values),
      tile.fits(limits, shape, isPTX: multiplier.isPTX)
    {
      return tile
    }
    return MatMulMatrixTile.shipped(shapes, limits: limits, isPTX: multiplier.isPTX)
  }
}

extension MatMulKernel {
  /// A tile a work-group, multiplied by matrix units.
  ///
  /// - Returns: Whether the product is one for them.
  func launchMatrixUnits(
    _ left: BufferID, _ right: BufferID, _ target: BufferID
  ) throws -> Bool {
    guard let multiplier = builder.matrixMultiplier(of: operandType),
      let tile = builder.matrixTile(for: shape, multiplier)
    else { return false }
    try launchOnGPU(
      MatMulMatrixTile.function, MatMulMatrixTile.file,
      tile.options(for: shape, multiplier.operand, isPTX: multiplier.isPTX),
      [left, right, target],
      plane: ((tile.groups(of: shape) * tile.items, 1), (tile.items, 1)))
    return true
  }
}
