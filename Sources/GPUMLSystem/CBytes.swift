/// Bytes that lie in the program itself, as arrays.
package enum CBytes {
  /// A copy of `count` bytes from a C constant.
  // The pointer comes from a C table whose length is known beside it.
  package static func copy(_ start: UnsafePointer<UInt8>?, count: Int) -> [UInt8] {
    [UInt8](UnsafeBufferPointer(start: start, count: start == nil ? 0 : count))
  }
}
