/// A number that lies in files as its own bytes, in either order.
package protocol ByteOrderedScalar: BitwiseCopyable, Sendable {
  /// The number with its bytes in the opposite order.
  var byteReversed: Self { get }
}

extension ByteOrderedScalar where Self: FixedWidthInteger {
  /// The number with its bytes in the opposite order.
  package var byteReversed: Self { byteSwapped }
}

extension Int8: ByteOrderedScalar {}
extension UInt8: ByteOrderedScalar {}
extension Int16: ByteOrderedScalar {}
extension UInt16: ByteOrderedScalar {}
extension Int32: ByteOrderedScalar {}
extension UInt32: ByteOrderedScalar {}
extension Int64: ByteOrderedScalar {}
extension UInt64: ByteOrderedScalar {}
extension Float16: ByteOrderedScalar {
  /// The number with its bytes in the opposite order.
  package var byteReversed: Float16 { Float16(bitPattern: bitPattern.byteSwapped) }
}
extension Float: ByteOrderedScalar {
  /// The number with its bytes in the opposite order.
  package var byteReversed: Float { Float(bitPattern: bitPattern.byteSwapped) }
}
extension Double: ByteOrderedScalar {
  /// The number with its bytes in the opposite order.
  package var byteReversed: Double { Double(bitPattern: bitPattern.byteSwapped) }
}

/// Which end of a number comes first in a file.
package enum ByteOrder: Sendable {
  case littleEndian, bigEndian

  /// The order of this machine.
  package static var native: ByteOrder { 1.littleEndian == 1 ? .littleEndian : .bigEndian }
}

/// Arrays of numbers to and from the bytes of files.
package enum ByteCoding {
  /// The `count` numbers that begin at `offset`; nil if they do not all lie inside `bytes`.
  package static func decode<T: ByteOrderedScalar>(
    _ bytes: [UInt8], offset: Int = 0, count: Int, as type: T.Type = T.self, order: ByteOrder
  ) -> [T]? {
    let (length, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<T>.size)
    guard !overflow, count >= 0, offset >= 0, offset <= bytes.count,
      length <= bytes.count - offset
    else { return nil }
    var values = copy(bytes, offset: offset, count: count, as: type)
    if order != .native, MemoryLayout<T>.size > 1 {
      for index in values.indices { values[index] = values[index].byteReversed }
    }
    return values
  }

  /// The numbers' bytes, one after the other.
  package static func encode<T: ByteOrderedScalar>(_ values: [T], order: ByteOrder) -> [UInt8] {
    if order == .native || MemoryLayout<T>.size == 1 { return bytes(of: values) }
    return bytes(of: values.map(\.byteReversed))
  }

  /// The bytes of values that are already in the order wanted.
  private static func bytes<T: BitwiseCopyable>(of values: [T]) -> [UInt8] {
    // One memcpy in place of a loop over single bytes; T is BitwiseCopyable.
    values.withUnsafeBytes { [UInt8]($0) }
  }

  /// - Precondition: The range lies inside `bytes`.
  private static func copy<T: BitwiseCopyable>(
    _ bytes: [UInt8], offset: Int, count: Int, as type: T.Type
  ) -> [T] {
    // One memcpy, so that the bytes need no alignment; T is BitwiseCopyable.
    [T](unsafeUninitializedCapacity: count) { target, initialized in
      bytes.withUnsafeBytes { source in
        let length = count * MemoryLayout<T>.size
        UnsafeMutableRawBufferPointer(target).copyMemory(
          from: UnsafeRawBufferPointer(rebasing: source[offset..<offset + length]))
      }
      initialized = count
    }
  }
}
