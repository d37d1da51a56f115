import CBuiltinData
import GPUMLSystem

extension Dataset {
  /// The built-in data: 1797 handwritten digits of 8 × 8 pixels with values 0 to 16.
  ///
  /// E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning
  /// Repository, 1998, <https://doi.org/10.24432/C50P49>, CC BY 4.0.
  ///
  /// - Throws: `DataError.malformed` only if the program itself is damaged.
  public static func digits() throws -> Dataset {
    let file = "built-in digits"
    let packed = CBytes.copy(gpuml_digits_csv_gz(), count: gpuml_digits_csv_gz_size())
    let bytes = try DataError.wrapping { () throws(SystemError) in
      try Gzip.inflate(packed, name: file, limit: 1 << 20)
    }
    let table = try Table(parsing: bytes, file: file, header: .absent)
    guard table.columnCount == 65 else {
      throw DataError.malformed(file: file, line: nil, reason: "is damaged")
    }
    var pixels: [UInt8] = []
    var labels: [Int32] = []
    var reader = try table.reader()
    while try reader.next() {
      let bytes = reader.bytes
      for (column, cell) in reader.cells.enumerated() {
        guard case .number(let number, _) = cell.value(in: bytes),
          let value = UInt8(exactly: number), value <= 16
        else { throw reader.failure(column: column, "is damaged") }
        if column < 64 { pixels.append(value) } else { labels.append(Int32(value)) }
      }
    }
    return try Dataset(
      features: .uint8(pixels), featureShape: [1, 8, 8],
      labels: .classes(labels, names: (0..<10).map(String.init)), count: labels.count)
  }
}
