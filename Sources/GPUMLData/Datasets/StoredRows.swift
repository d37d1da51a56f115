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

/// Collects values in memory, or on disk once they would take too much of it.
struct FeatureCollector {
  /// The most bytes that are kept in memory.
  static let memoryLimit = 128 << 20

  private let width: Int
  private let most: Int
  private var values: [Float] = []
  private var writer: RowFileWriter?

  /// - Parameters:
  ///   - count: About how many rows will come; 0 if that is not known.
  ///   - memoryLimit: The most bytes that they may take in memory.
  init(
    width: Int, expecting count: Int, memoryLimit: Int = memoryLimit
  ) throws(DataError) {
    self.width = max(1, width)
    most = memoryLimit / MemoryLayout<Float>.stride
    let (size, overflow) = self.width.multipliedReportingOverflow(by: max(0, count))
    if overflow || size > most {
      writer = try makeWriter()
    } else {
      values.reserveCapacity(size)
    }
  }

  /// Adds a row, or several.
  ///
  /// - Throws: `DataError.unreadable` if the disk is full or fails.
  mutating func append(_ row: [Float]) throws(DataError) {
    if writer == nil, values.count + row.count > most {
      let writer = try makeWriter()
      try DataError.wrapping { () throws(SystemError) in try writer.append(values) }
      values = []
      self.writer = writer
    }
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

  private func makeWriter() throws(DataError) -> RowFileWriter {
    try DataError.wrapping { () throws(SystemError) in try RowFileWriter(width: width) }
  }
}
