import GPUMLGraph
import GPUMLSystem

extension NPYFile {
  /// The longest header that is looked for: versions 2 and 3 have room for more.
  private static let longestHeader = 1 << 16
  /// How many numbers are read at a time.
  private static let block = 1 << 20

  /// Copies the numbers of a large array to where they take no memory, some at a time.
  ///
  /// - Parameter memoryLimit: The most bytes that the numbers may take in memory.
  /// - Returns: The numbers and the shape; nil for an array that is to be read whole: a small one, one of
  ///   bytes, which stay bytes, and one whose examples do not lie one after the other.
  /// - Throws: `DataError` if the file is malformed, has a value that is not finite, or cannot be read.
  static func stored(
    _ file: RandomAccessFile, name: String, memoryLimit: Int = FeatureCollector.memoryLimit
  ) throws(DataError) -> (features: Dataset.Features, shape: [Int])? {
    if file.byteCount <= memoryLimit / 8 { return nil }
    let start = try DataError.wrapping { () throws(SystemError) in
      try file.read(count: min(longestHeader, file.byteCount), at: 0)
    }
    guard let layout = try? layout(start, byteCount: file.byteCount, file: name) else { return nil }
    let header = layout.header
    let isScattered = header.isFortranOrder && header.shape.count > 1
    let isBytes = header.scalar == .uint8 || header.scalar == .bool
    guard layout.count > memoryLimit / MemoryLayout<Float>.stride, !isScattered, !isBytes,
      let rows = header.shape.first, rows > 0, let size = header.scalar.byteCount(of: 1)
    else { return nil }
    let width = layout.count / rows
    var collector = try FeatureCollector(
      width: width, expecting: rows, memoryLimit: memoryLimit)
    let most = max(1, block / width) * width
    var done = 0
    while done < layout.count {
      let count = min(most, layout.count - done)
      let bytes = try DataError.wrapping { () throws(SystemError) in
        try file.read(count: count * size, at: layout.start + done * size)
      }
      guard
        let storage = header.scalar.storage(bytes, offset: 0, count: count, order: header.order)
      else { throw .malformed(file: name, line: nil, reason: "is truncated") }
      let values = Dataset.floats(of: HostTensor(shape: [count], storage: storage))
      if let place = values.firstIndex(where: { !$0.isFinite }) {
        throw Dataset.notFinite(example: (done + place) / width, file: name)
      }
      try collector.append(values)
      done += count
    }
    return (try collector.features(), header.shape)
  }
}
