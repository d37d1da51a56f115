import GPUMLSystem

/// Examples' values on disk, for data larger than memory: one number after the other, row by row.
///
/// The file has no name and is gone with the last dataset that uses it.
public struct StoredRows: Sendable, Equatable {
  let file: RowFile

  /// The number of values of all examples.
  public var count: Int { file.count * file.width }

  /// Some rows, one after the other.
  func rows(_ indices: [Int]) throws(SystemError) -> [Float] { try file.rows(indices) }

  /// Whether both are the same file.
  public static func == (left: StoredRows, right: StoredRows) -> Bool { left.file === right.file }
}

extension Dataset.Features {
  /// A copy of some rows, in memory if there is room.
  func collected(_ rows: [Int], width: Int) throws(DataError) -> Dataset.Features {
    var collector = try FeatureCollector(width: width, expecting: rows.count)
    try forEachBlock(rows, width: width) { values, _ throws(DataError) in
      try collector.append(values)
    }
    return try collector.features()
  }
}

/// Collects values in memory, or on disk if they would take too much of it.
struct FeatureCollector {
  /// The most bytes that are kept in memory.
  static let memoryLimit = 128 << 20

  private var values: [Float] = []
  private let writer: RowFileWriter?

  /// - Parameters:
  ///   - count: About how many rows will come.
  ///   - memoryLimit: The most bytes that they may take in memory.
  init(
    width: Int, expecting count: Int, memoryLimit: Int = memoryLimit
  ) throws(DataError) {
    let (size, overflow) = max(1, width).multipliedReportingOverflow(by: 4 * max(0, count))
    if overflow || size > memoryLimit {
      writer = try DataError.wrapping { () throws(SystemError) in
        try RowFileWriter(width: max(1, width))
      }
    } else {
      writer = nil
      values.reserveCapacity(size / 4)
    }
  }

  /// Adds a row, or several.
  ///
  /// - Throws: `DataError.unreadable` if the disk is full or fails.
  mutating func append(_ row: [Float]) throws(DataError) {
    if let writer {
      try DataError.wrapping { () throws(SystemError) in try writer.append(row) }
    } else {
      values += row
    }
  }

  /// All that was added.
  func features() throws(DataError) -> Dataset.Features {
    guard let writer else { return .float32(values) }
    return .stored(
      StoredRows(
        file: try DataError.wrapping { () throws(SystemError) in try writer.finish() }))
  }
}
