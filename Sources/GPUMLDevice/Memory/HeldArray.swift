/// An array whose elements the device reads where they are, held until it has.
///
/// The elements of an array stay in their place while something holds it and nobody changes it, and
/// whoever changes an array that another holds changes a copy.
package struct HeldArray: @unchecked Sendable {  // nobody writes through the address
  let address: UnsafeRawPointer?
  package let byteCount: Int
  private let owner: any Sendable

  package init<T: BitwiseCopyable & Sendable>(_ values: [T]) {
    owner = values
    (address, byteCount) = values.withUnsafeBytes { ($0.baseAddress, $0.count) }
  }
}

extension Queue {
  /// Starts a copy of an array to the beginning of a buffer; the caller holds the array until a later
  /// command has completed (`HostBuffer.keep(until:holding:)`).
  ///
  /// - Returns: The copy's event, if there is anything to copy.
  package func upload(_ array: HeldArray, to buffer: Buffer) throws -> Event? {
    try buffer.checkRange(0, array.byteCount, of: "write")
    return try upload(
      array.address, to: buffer, byteCount: array.byteCount, wantsEvent: true)
  }
}
