import GPUMLGraph
import GPUMLSystem

/// IDX, the format of MNIST: 00 00 type ndims, big-endian u32 sizes, big-endian data.
///
/// - SeeAlso: <http://yann.lecun.com/exdb/mnist/>, "the IDX file format".
package enum IDXFile {
  /// The longest header there is: 255 axes.
  private static let longestHeader = 4 + 4 * 255

  /// Reads a file, gzip-compressed or not, as a tensor; `float64` becomes `float32` and 16-bit
  /// integers `int32`.
  ///
  /// - Throws: `DataError`.
  package static func read(_ path: String) throws(DataError) -> HostTensor {
    let bytes = try DataError.wrapping { () throws(SystemError) in try FileBytes.read(path) }
    return try parse(bytes, file: path)
  }

  /// Reads the bytes of a file, gzip-compressed or not.
  package static func parse(_ bytes: [UInt8], file: String) throws(DataError) -> HostTensor {
    guard Gzip.isCompressed(bytes) else { return try parsePlain(bytes, file: file) }
    // The header says how much may follow, so that a bomb is stopped at its first byte too many.
    let start = try DataError.wrapping { () throws(SystemError) in
      try Gzip.prefix(bytes, name: file, count: longestHeader)
    }
    let size = try Header(start, file: file).fileSize
    let plain: [UInt8]
    do throws(SystemError) {
      plain = try Gzip.inflate(bytes, name: file, limit: size)
    } catch .tooLarge {
      throw failure(file, "expands to more than the \(size) bytes its header announces")
    } catch {
      throw DataError(error)
    }
    return try parsePlain(plain, file: file)
  }

  private static func parsePlain(_ bytes: [UInt8], file: String) throws(DataError) -> HostTensor {
    let header = try Header(bytes, file: file)
    guard bytes.count == header.fileSize else {
      throw failure(
        file,
        "is \(bytes.count) bytes long where its header announces \(header.fileSize)")
    }
    let storage = header.scalar.storage(
      bytes, offset: header.byteCount, count: header.count, order: .bigEndian)
    guard let storage else { throw failure(file, "is truncated") }
    return HostTensor(shape: header.shape, storage: storage)
  }

  private static func failure(_ file: String, _ reason: String) -> DataError {
    .malformed(file: file, line: nil, reason: reason)
  }

  private struct Header {
    let scalar: FileScalar
    let shape: [Int]
    let count: Int
    let fileSize: Int
    var byteCount: Int { 4 + 4 * shape.count }

    init(_ bytes: [UInt8], file: String) throws(DataError) {
      guard bytes.count >= 4 else { throw failure(file, "is too short for an IDX file") }
      guard bytes[0] == 0, bytes[1] == 0 else {
        throw failure(file, "is no IDX file: it does not begin with two zero bytes")
      }
      scalar =
        switch bytes[2] {
        case 0x08: .uint8
        case 0x09: .int8
        case 0x0B: .int16
        case 0x0C: .int32
        case 0x0D: .float32
        case 0x0E: .float64
        default:
          throw failure(file, "is no IDX file: no number type has the code \(bytes[2])")
        }
      let rank = Int(bytes[3])
      guard rank > 0 else { throw failure(file, "an IDX file without axes") }
      let sizes = ByteCoding.decode(
        bytes, offset: 4, count: rank, as: UInt32.self, order: .bigEndian)
      guard let sizes else { throw failure(file, "ends inside its header") }
      shape = sizes.map { Int($0) }
      guard let count = HostTensor.plausibleElementCount(of: shape),
        let dataSize = scalar.byteCount(of: count), dataSize < Int.max - 4096
      else { throw failure(file, "the sizes \(shape) overflow") }
      self.count = count
      fileSize = 4 + 4 * rank + dataSize
    }
  }
}
