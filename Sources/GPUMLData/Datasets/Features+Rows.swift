import GPUMLSystem

extension Dataset.Features {
  /// Some examples' values, one after the other.
  ///
  /// - Precondition: The rows exist.
  /// - Throws: `DataError.unreadable` if they are on a disk that fails.
  func floats(rows: [Int], width: Int) throws(DataError) -> [Float] {
    switch self {
    case .uint8(let values):
      return RowGather.affine(values, rows: rows, width: width, center: 0, scale: 1)
    case .float32(let values): return RowGather.copy(values, rows: rows, width: width)
    case .stored(let file):
      return try DataError.wrapping { () throws(SystemError) in try file.rows(rows) }
    }
  }

  /// Calls `body` with the values of some rows, one after the other, and how many rows these are; a few
  /// thousand rows or a few megabytes at a time.
  ///
  /// - Precondition: The rows exist.
  /// - Throws: As `floats(rows:width:)`, and what `body` throws.
  package func forEachBlock<Rows: RandomAccessCollection<Int>>(
    _ rows: Rows, width: Int, _ body: ([Float], Int) throws(DataError) -> Void
  ) throws(DataError) {
    let block = max(1, min(4096, (1 << 20) / max(1, width)))
    var rest = rows[...]
    while !rest.isEmpty {
      let part = Array(rest.prefix(block))
      rest = rest.dropFirst(block)
      try body(try floats(rows: part, width: width), part.count)
    }
  }

  /// Calls `body` for each of some rows with values and the place in them where the row begins.
  ///
  /// - Throws: As `floats(rows:width:)`.
  func forEachRow(
    _ rows: some RandomAccessCollection<Int>, width: Int, _ body: ([Float], Int) -> Void
  ) throws(DataError) {
    try forEachBlock(rows, width: width) { values, count in
      for row in 0..<count { body(values, row * width) }
    }
  }

  /// The same values in memory, of as many evenly spread rows as there is room for.
  ///
  /// - Returns: The values of some of the rows, or of all if they are in memory anyway.
  /// - Throws: As `floats(rows:width:)`.
  func sampled(
    _ rows: [Int], width: Int, most: Int = 100_000
  ) throws(DataError) -> (features: Dataset.Features, rows: [Int]) {
    guard case .stored = self else { return (self, rows) }
    let step = max(1, (rows.count + most - 1) / most)
    let chosen = stride(from: 0, to: rows.count, by: step).map { rows[$0] }
    return (.float32(try floats(rows: chosen, width: width)), Array(chosen.indices))
  }

  /// One value of each of some rows in memory.
  ///
  /// - Precondition: The values are in memory.
  func column(_ column: Int, rows: [Int], width: Int) -> [Float] {
    switch self {
    case .uint8(let values): return rows.map { Float(values[$0 * width + column]) }
    case .float32(let values): return rows.map { values[$0 * width + column] }
    case .stored: preconditionFailure("columns are read from memory alone")
    }
  }
}
