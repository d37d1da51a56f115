import GPUMLGraph
import GPUMLSystem

/// NPY, numpy's array file, versions 1 to 3.
///
/// - SeeAlso: <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>
package enum NPYFile {
  /// Reads a file as a tensor in row-major order; `float64` becomes `float32` and 16-bit integers
  /// `int32`.
  ///
  /// - Throws: `DataError`; Python objects, texts, structures, complex and `uint64` are refused.
  package static func read(_ path: String) throws(DataError) -> HostTensor {
    let bytes = try DataError.wrapping { () throws(SystemError) in try FileBytes.read(path) }
    return try parse(bytes, file: path)
  }

  /// Whether the bytes begin like an NPY file.
  package static func isNPY(_ bytes: [UInt8]) -> Bool { bytes.starts(with: magic) }

  /// What a header tells.
  struct Layout {
    let header: NPYHeader
    /// The byte at which the data begin.
    let start: Int
    /// The number of elements.
    let count: Int
  }

  /// Reads the header at the beginning of a file.
  ///
  /// - Parameters:
  ///   - bytes: The header at least, if the file has it whole.
  ///   - byteCount: The size of the file.
  static func layout(
    _ bytes: [UInt8], byteCount: Int, file: String
  ) throws(DataError) -> Layout {
    func failure(_ reason: String) -> DataError {
      .malformed(file: file, line: nil, reason: reason)
    }
    guard isNPY(bytes) else { throw failure("is no NPY file") }
    guard bytes.count >= 10 else { throw failure("ends inside its NPY header") }
    let lengthSize: Int
    switch (bytes[6], bytes[7]) {
    case (1, 0): lengthSize = 2
    case (2, 0), (3, 0): lengthSize = 4
    default: throw failure("NPY version \(bytes[6]).\(bytes[7]) is not known")
    }
    let start = 8 + lengthSize
    guard bytes.count >= start else { throw failure("ends inside its NPY header") }
    let length = bytes[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= bytes.count - start else { throw failure("ends inside its NPY header") }
    let header = try NPYHeader(bytes[start..<start + length], file: file)
    guard let count = HostTensor.plausibleElementCount(of: header.shape),
      let size = header.scalar.byteCount(of: count)
    else { throw failure("the shape \(header.shape) overflows") }
    let present = byteCount - start - length
    guard size == present else {
      throw failure("holds \(present) bytes of data where its header announces \(size)")
    }
    return Layout(header: header, start: start + length, count: count)
  }

  /// Reads the bytes of a file.
  package static func parse(_ bytes: [UInt8], file: String) throws(DataError) -> HostTensor {
    let layout = try layout(bytes, byteCount: bytes.count, file: file)
    let header = layout.header
    let storage = header.scalar.storage(
      bytes, offset: layout.start, count: layout.count, order: header.order)
    guard let storage else {
      throw .malformed(file: file, line: nil, reason: "is truncated")
    }
    let isScattered = header.isFortranOrder && header.shape.count > 1
    return HostTensor(
      shape: header.shape,
      storage: isScattered ? rowMajor(storage, shape: header.shape) : storage)
  }

  /// The bytes of an NPY file, version 1, with the tensor in row-major order.
  ///
  /// - Throws: `DataError.invalidValue` for `bfloat16`, which NPY does not know.
  package static func encode(_ tensor: HostTensor) throws(DataError) -> [UInt8] {
    let order = ByteOrder.littleEndian
    let (type, data): (String, [UInt8])
    switch tensor.storage {
    case .float32(let values): (type, data) = ("<f4", ByteCoding.encode(values, order: order))
    case .float16(let values): (type, data) = ("<f2", ByteCoding.encode(values, order: order))
    case .int8(let values): (type, data) = ("|i1", ByteCoding.encode(values, order: order))
    case .uint8(let values): (type, data) = ("|u1", values)
    case .int32(let values): (type, data) = ("<i4", ByteCoding.encode(values, order: order))
    case .uint32(let values): (type, data) = ("<u4", ByteCoding.encode(values, order: order))
    case .int64(let values): (type, data) = ("<i8", ByteCoding.encode(values, order: order))
    case .bool(let values): (type, data) = ("|b1", values.map { $0 ? 1 : 0 })
    case .bfloat16:
      throw .invalidValue(operation: "NPY", reason: "the format has no bfloat16")
    }
    return try header(type, shape: tensor.shape) + data
  }

  /// The bytes that stand before the data, padded to a multiple of 64, at least `size`.
  ///
  /// - Throws: `DataError.invalidValue` for more axes than the format has room for.
  package static func header(
    _ type: String, shape: [Int], size: Int = 0
  ) throws(DataError) -> [UInt8] {
    let sizes = shape.map(String.init).joined(separator: ", ")
    let tuple = shape.count == 1 ? "(\(sizes),)" : "(\(sizes))"
    var header = Array("{'descr': '\(type)', 'fortran_order': False, 'shape': \(tuple), }".utf8)
    let unpadded = max(10 + header.count + 1, size)
    let padded = (unpadded + 63) / 64 * 64
    header += [UInt8](repeating: 0x20, count: padded - 10 - header.count - 1) + [0x0A]
    guard let length = UInt16(exactly: header.count) else {
      throw .invalidValue(operation: "NPY", reason: "a shape of \(shape.count) axes")
    }
    return magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + header
  }

  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  private static func rowMajor(
    _ storage: HostTensor.Storage, shape: [Int]
  ) -> HostTensor.Storage {
    switch storage {
    case .float32(let values): .float32(rowMajor(values, shape))
    case .float16(let values): .float16(rowMajor(values, shape))
    case .bfloat16(let values): .bfloat16(rowMajor(values, shape))
    case .int8(let values): .int8(rowMajor(values, shape))
    case .uint8(let values): .uint8(rowMajor(values, shape))
    case .int32(let values): .int32(rowMajor(values, shape))
    case .uint32(let values): .uint32(rowMajor(values, shape))
    case .int64(let values): .int64(rowMajor(values, shape))
    case .bool(let values): .bool(rowMajor(values, shape))
    }
  }

  /// Elements stored with the first axis varying fastest, in the order where the last one does.
  private static func rowMajor<T>(_ values: [T], _ shape: [Int]) -> [T] {
    guard !values.isEmpty else { return values }
    var strides: [Int] = []
    var step = 1
    for size in shape {
      strides.append(step)
      step *= size
    }
    var result: [T] = []
    result.reserveCapacity(values.count)
    var position = [Int](repeating: 0, count: shape.count)
    var source = 0
    while result.count < values.count {
      result.append(values[source])
      var axis = shape.count - 1
      while axis >= 0 {
        position[axis] += 1
        source += strides[axis]
        if position[axis] < shape[axis] { break }
        source -= strides[axis] * shape[axis]
        position[axis] = 0
        axis -= 1
      }
    }
    return result
  }
}
