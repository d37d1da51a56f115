#if _endian(big)
  #error("gpuml stores little-endian numbers and runs on little-endian machines only")
#endif

/// Turns arrays of numbers into little-endian bytes and back, by copying memory.
///
/// The element types are the fixed-width integers and floats (and structs that hold one of them):
/// types without padding, for which every bit pattern is a value. `Bool` is not one of them.
package enum ByteCoding {
  /// The byte count is not a whole number of elements.
  package struct PartialElement: Error, Sendable, Equatable, CustomStringConvertible {
    /// How many bytes there are.
    package let byteCount: Int
    /// How many bytes one element takes.
    package let elementByteCount: Int

    /// One line that names both numbers.
    package var description: String {
      "\(byteCount) bytes are not a whole number of \(elementByteCount)-byte elements"
    }
  }

  /// The elements' bytes in order, lowest byte first.
  package static func littleEndianBytes<T: BitwiseCopyable>(_ values: [T]) -> [UInt8] {
    // The bytes are copied before the closure ends.
    values.withUnsafeBytes { Array($0) }
  }

  /// The elements whose bytes these are.
  ///
  /// - Throws: `PartialElement` if the bytes do not divide into elements.
  package static func values<T: BitwiseCopyable>(
    _ bytes: ArraySlice<UInt8>, as type: T.Type
  ) throws(PartialElement) -> [T] {
    let elementByteCount = MemoryLayout<T>.stride
    guard bytes.count.isMultiple(of: elementByteCount) else {
      throw PartialElement(byteCount: bytes.count, elementByteCount: elementByteCount)
    }
    let count = bytes.count / elementByteCount
    // Copying into fresh storage makes the source's alignment irrelevant.
    return [T](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      bytes.withUnsafeBytes { source in
        UnsafeMutableRawBufferPointer(buffer).copyMemory(from: source)
      }
      initializedCount = count
    }
  }
}
