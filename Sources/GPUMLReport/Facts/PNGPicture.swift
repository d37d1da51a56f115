#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import GPUMLSystem

/// A small picture as a PNG file (ISO 15948), uncompressed: pages hold few of them.
package enum PNGPicture {
  /// Longer sides are shrunk to at most so many pixels.
  private static let mostSide = 64
  /// Larger arrays are no pictures to look at.
  private static let mostSourceSide = 4096

  private static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

  /// Whether examples of such a shape are shown as pictures: `[rows, columns]`, or one or three
  /// channels of these.
  package static func isPicture(_ shape: [Int]) -> Bool { layout(of: shape) != nil }

  private static func layout(of shape: [Int]) -> (channels: Int, height: Int, width: Int)? {
    let sides = shape.suffix(2)
    guard shape.count == 2 || shape.count == 3 && (shape[0] == 1 || shape[0] == 3),
      let height = sides.first, let width = sides.last,
      (2...mostSourceSide).contains(height), (2...mostSourceSide).contains(width)
    else { return nil }
    return (shape.count == 3 ? shape[0] : 1, height, width)
  }

  /// The file in base 64; the darkest value becomes black, the brightest white.
  ///
  /// - Parameters:
  ///   - values: In the order channel, row, column.
  ///   - shape: As `isPicture` takes it.
  /// - Returns: Nil if the shape is no picture's or the values do not fill it.
  package static func base64(_ values: [Float], shape: [Int]) -> String? {
    guard let (channels, height, width) = layout(of: shape),
      values.count == channels * height * width
    else { return nil }
    let finite = values.filter(\.isFinite)
    let low = finite.min() ?? 0
    let range = (finite.max() ?? 0) - low
    let step = (max(height, width) + mostSide - 1) / mostSide
    let rows = Array(stride(from: 0, to: height, by: step))
    let columns = Array(stride(from: 0, to: width, by: step))
    var lines: [UInt8] = []
    for row in rows {
      lines.append(0)  // no filter
      for column in columns {
        for channel in 0..<channels {
          let value = values[(channel * height + row) * width + column]
          let level = range > 0 && value.isFinite ? (value - low) / range * 255 : 0
          lines.append(UInt8(max(0, min(255, level.isFinite ? level.rounded() : 0))))
        }
      }
    }
    return Data(file(width: columns.count, height: rows.count, channels: channels, lines))
      .base64EncodedString()
  }

  /// The text if it is a PNG file in base 64; else nil.
  static func checked(_ text: String) -> String? {
    guard let data = Data(base64Encoded: text), data.starts(with: signature) else { return nil }
    return text
  }

  private static func file(width: Int, height: Int, channels: Int, _ lines: [UInt8]) -> [UInt8] {
    let colour: UInt8 = channels == 3 ? 2 : 0
    return signature
      + chunk("IHDR", bigEndian(UInt32(width)) + bigEndian(UInt32(height)) + [8, colour, 0, 0, 0])
      + chunk("IDAT", stored(lines)) + chunk("IEND", [])
  }

  private static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + content
    var sum = CRC32()
    sum.update(body)
    return bigEndian(UInt32(content.count)) + body + bigEndian(sum.value)
  }

  /// A zlib stream (RFC 1950) of stored blocks.
  private static func stored(_ bytes: [UInt8]) -> [UInt8] {
    var stream: [UInt8] = [0x78, 0x01]
    let most = 0xffff
    var place = 0
    repeat {
      let block = bytes[place..<min(bytes.count, place + most)]
      place += block.count
      let length = UInt16(block.count)
      stream.append(place == bytes.count ? 1 : 0)
      for half in [length, ~length] {
        stream += [UInt8(truncatingIfNeeded: half), UInt8(truncatingIfNeeded: half >> 8)]
      }
      stream += block
    } while place < bytes.count
    var (low, high): (UInt32, UInt32) = (1, 0)
    for byte in bytes {
      low = (low + UInt32(byte)) % 65521
      high = (high + low) % 65521
    }
    return stream + bigEndian(high << 16 | low)
  }

  private static func bigEndian(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }
}
