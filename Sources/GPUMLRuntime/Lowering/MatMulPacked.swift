import GPUMLDevice
import GPUMLGraph

/// The product by packed panels on a CPU.
extension MatMulKernel {
  /// Packs every matrix of an operand once, then multiplies panels. What is on the right and belongs
  /// to variables that the plan leaves alone stays packed until they change.
  func launchPacked(_ left: BufferID, _ right: BufferID, _ target: BufferID) throws {
    let variables = builder.keptVariables(right)
    if variables == nil && gainsByCrossing {
      var kernel = self
      kernel.shape = shape.crossed()
      return try kernel.launchPanels(right, left, target, kept: nil, isCrossed: true)
    }
    try launchPanels(left, right, target, kept: variables, isCrossed: false)
  }

  /// Whether a long right operand lies as a left one does, which is read in place or at least packed
  /// faster, and the left one is short.
  private var gainsByCrossing: Bool {
    !shape.transposesLeft && shape.transposesRight && shape.columns > shape.rows
  }

  /// Whether the left operand's rows can be read where they are: what lies a page apart has the same
  /// place in a cache.
  private var readsLeftInPlace: Bool {
    let page = 4096
    return !shape.transposesLeft && operandType == "float"
      && !(shape.leftStride * MemoryLayout<Float>.size).isMultiple(of: page)
      && shape.columns <= MatMulKernel.mostColumnsInPlace
  }

  /// Columns of the result up to which packing the left operand costs more than it gains.
  private static let mostColumnsInPlace = 512

  private func launchPanels(
    _ left: BufferID, _ right: BufferID, _ target: BufferID, kept variables: SlabRange?,
    isCrossed: Bool
  ) throws {
    let tile = builder.cpuTile(for: shape)
    let batch = shape.batch
    let isInPlace = readsLeftInPlace
    let packedLeft =
      isInPlace
      ? left
      : builder.scratch(
        "packed left operand", byteCount: try byteCount(batch.leftCount, tile.leftSize))
    let rightBytes = try byteCount(batch.rightCount, tile.rightSize)
    let leftItems = isInPlace ? 0 : batch.leftCount * tile.leftItems
    let packedRight: BufferID
    if let variables {
      let (instance, numbers) = try packing(tile, leftItems: nil)
      packedRight = try builder.prepare(
        "packed weights", byteCount: rightBytes, from: variables, by: "matmul_pack", of: instance,
        items: batch.rightCount * tile.rightItems
      ) { [.reads(right), .reads(right), .writes($0), .writes($0)] + numbers }
      try launchPacking(left, left, into: packedLeft, packedLeft, tile, leftItems, 0)
    } else {
      packedRight = builder.scratch("packed right operand", byteCount: rightBytes)
      try launchPacking(
        left, right, into: isInPlace ? packedRight : packedLeft, packedRight, tile, leftItems,
        batch.rightCount * tile.rightItems)
    }
    let product = KernelInstance(
      file: "MatMul/matmul_cpu",
      options: [("TRANS_A", shape.transposesLeft ? "1" : "0")]
        + (isInPlace ? [("IN_PLACE", "1")] : []) + (isCrossed ? [("CROSSED", "1")] : [])
        + tile.options + storage.filter { $0.0 != "REAL" },
      generated: epilogue?.source ?? "")
    try launchBatch(
      "matmul_tile", product,
      [.reads(packedLeft), .reads(packedRight), .writes(target)] + (try sizes())
        + [
          try builder.int(isCrossed ? shape.rows : shape.columns),
          try builder.int(tile.rowPanelsPerItem), try builder.int(tile.columnPanelsPerItem),
        ] + (isInPlace ? [try builder.int(shape.leftStride)] : []),
      batch: batch, steps: (isInPlace ? batch.leftStep : tile.leftSize, tile.rightSize),
      plane: ((tile.itemColumns, tile.itemRows), (1, 1)))
  }

  private func launchPacking(
    _ left: BufferID, _ right: BufferID, into packedLeft: BufferID, _ packedRight: BufferID,
    _ tile: MatMulTile, _ leftItems: Int, _ rightItems: Int
  ) throws {
    let (instance, numbers) = try packing(tile, leftItems: leftItems)
    builder.launch(
      "matmul_pack", of: instance, label: "pack for \(label)",
      [.reads(left), .reads(right), .writes(packedLeft), .writes(packedRight)] + numbers,
      global: WorkSize(leftItems + rightItems), local: WorkSize(1))
  }

  /// The kernel that packs, and its parameters after the buffers.
  ///
  /// - Parameter leftItems: The work-items of all matrices on the left; nil for a right operand by
  ///   itself, which is packed alike for left ones of all sizes.
  private func packing(
    _ tile: MatMulTile, leftItems: Int?
  ) throws -> (KernelInstance, [Launch.Argument]) {
    let isAlone = leftItems == nil
    let instance = KernelInstance(
      file: "MatMul/matmul_pack_cpu",
      options: [
        ("TRANS_A", shape.transposesLeft && !isAlone ? "1" : "0"),
        ("TRANS_B", shape.transposesRight ? "1" : "0"),
      ] + tile.packingOptions + storage.filter { $0.0 == "REAL" })
    let numbers = [
      isAlone ? 1 : shape.rows, shape.columns, shape.depth, isAlone ? 0 : shape.leftStride,
      shape.rightStride, isAlone ? 1 : tile.leftItems, leftItems ?? 0,
      isAlone ? 0 : shape.batch.leftStep, tile.rightItems, shape.batch.rightStep,
    ]
    return (instance, try numbers.map { try builder.int($0) })
  }

  private func byteCount(_ matrices: Int, _ floats: Int) throws -> Int {
    let (count, overflows) = matrices.multipliedReportingOverflow(
      by: floats * MemoryLayout<Float>.size)
    if overflows { throw RuntimeError.tooLarge(tensor: "a packed operand", elements: Int.max) }
    return count
  }
}
