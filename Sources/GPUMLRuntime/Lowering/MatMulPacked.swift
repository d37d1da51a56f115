import GPUMLDevice
import GPUMLGraph

/// The product by packed panels on a CPU.
extension MatMulKernel {
  /// Packs every matrix of an operand once, then multiplies panels. What is on the right and belongs
  /// to variables that the plan leaves alone stays packed until they change.
  func launchPacked(_ left: BufferID, _ right: BufferID, _ target: BufferID) throws {
    let tile = builder.cpuTile(for: shape)
    let batch = shape.batch
    let packedLeft = builder.scratch(
      "packed left operand", byteCount: try byteCount(batch.leftCount, tile.leftSize))
    let rightBytes = try byteCount(batch.rightCount, tile.rightSize)
    let packedRight: BufferID
    if let variables = builder.keptVariables(right) {
      let (instance, numbers) = try packing(tile, leftItems: nil)
      packedRight = try builder.prepare(
        "packed weights", byteCount: rightBytes, from: variables, by: "matmul_pack", of: instance,
        items: batch.rightCount * tile.rightItems
      ) { [.reads(right), .reads(right), .writes($0), .writes($0)] + numbers }
      try launchPacking(left, left, into: packedLeft, packedLeft, tile, rightItems: 0)
    } else {
      packedRight = builder.scratch("packed right operand", byteCount: rightBytes)
      try launchPacking(
        left, right, into: packedLeft, packedRight, tile,
        rightItems: batch.rightCount * tile.rightItems)
    }
    let product = KernelInstance(
      file: "MatMul/matmul_cpu",
      options: [("TRANS_A", shape.transposesLeft ? "1" : "0")] + tile.options
        + storage.filter { $0.0 != "REAL" },
      generated: epilogue?.source ?? "")
    try launchBatch(
      "matmul_tile", product,
      [.reads(packedLeft), .reads(packedRight), .writes(target)] + (try sizes())
        + [
          try builder.int(shape.columns), try builder.int(tile.rowPanelsPerItem),
          try builder.int(tile.columnPanelsPerItem),
        ],
      batch: batch, steps: (tile.leftSize, tile.rightSize),
      plane: ((tile.itemColumns, tile.itemRows), (1, 1)))
  }

  private func launchPacking(
    _ left: BufferID, _ right: BufferID, into packedLeft: BufferID, _ packedRight: BufferID,
    _ tile: MatMulTile, rightItems: Int
  ) throws {
    let leftItems = shape.batch.leftCount * tile.leftItems
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
