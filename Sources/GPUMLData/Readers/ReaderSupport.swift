import GPUMLGraph
import GPUMLSystem

/// A number type of a binary array file, and how it becomes a tensor's.
enum FileScalar {
  case uint8, int8, int16, uint16, int32, uint32, int64, float16, float32, float64, bool

  /// The bytes one number takes.
  var byteCount: Int {
    switch self {
    case .uint8, .int8, .bool: 1
    case .int16, .uint16, .float16: 2
    case .int32, .uint32, .float32: 4
    case .int64, .float64: 8
    }
  }

  /// The bytes of `count` numbers; nil if that overflows.
  func byteCount(of count: Int) -> Int? {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: byteCount)
    return overflow ? nil : bytes
  }

  /// The numbers as a tensor's storage: 16-bit integers widen to `int32`, `float64` narrows to
  /// `float32`; nil if they do not all lie inside `bytes`.
  func storage(
    _ bytes: [UInt8], offset: Int, count: Int, order: ByteOrder
  ) -> HostTensor.Storage? {
    func decode<T: ByteOrderedScalar>(_ type: T.Type) -> [T]? {
      ByteCoding.decode(bytes, offset: offset, count: count, as: type, order: order)
    }
    return switch self {
    case .uint8: decode(UInt8.self).map { .uint8($0) }
    case .int8: decode(Int8.self).map { .int8($0) }
    case .int16: decode(Int16.self).map { .int32($0.map { Int32($0) }) }
    case .uint16: decode(UInt16.self).map { .int32($0.map { Int32($0) }) }
    case .int32: decode(Int32.self).map { .int32($0) }
    case .uint32: decode(UInt32.self).map { .uint32($0) }
    case .int64: decode(Int64.self).map { .int64($0) }
    case .float16: decode(Float16.self).map { .float16($0) }
    case .float32: decode(Float.self).map { .float32($0) }
    case .float64: decode(Double.self).map { .float32($0.map { Float($0) }) }
    case .bool: decode(UInt8.self).map { .bool($0.map { $0 != 0 }) }
    }
  }
}

extension HostTensor {
  /// The product of the sizes; nil if one is negative or the product would overflow even without
  /// the sizes that are 0, which a file may use to hide an absurd shape.
  static func plausibleElementCount(of shape: [Int]) -> Int? {
    elementCount(of: shape.filter { $0 != 0 }) == nil ? nil : elementCount(of: shape)
  }
}
