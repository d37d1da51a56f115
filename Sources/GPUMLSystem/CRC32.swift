import CZlib

/// The checksum of gzip and PNG (ISO 3309), taken piece by piece: it notices every flipped bit and
/// every burst of up to 32 bits, and nothing that is meant to deceive.
package struct CRC32: Sendable {
  /// The checksum of the bytes so far.
  package private(set) var value: UInt32 = 0

  package init() {}

  /// Takes more bytes into account.
  package mutating func update(_ bytes: [UInt8]) {
    // The pointer is used within the call only.
    value = bytes.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { UInt32(crc32_z(uLong(value), $0, buffer.count)) } ?? value
    }
  }
}
