import GPUMLSystem

/// A checksum inside the file it protects: the metadata holds the CRC-32 of the header, with zeros
/// in the checksum's own place, and of the data.
enum SafetensorsChecksum {
  static let key = "gpuml.checksum"
  static let placeholder = "crc32:00000000"
  private static let digitCount = 8

  /// Where the digits are in a header. Quotes inside JSON strings are escaped, so that only the
  /// metadata's own entry can look like this.
  static func digits(in header: [UInt8]) -> Range<Int>? {
    let mark = Array("\"\(key)\":\"\(placeholder.dropLast(digitCount))".utf8)
    guard header.count >= mark.count + digitCount else { return nil }
    for start in 0...(header.count - mark.count - digitCount)
    where header[start] == mark[0] && header[start...].starts(with: mark) {
      return start + mark.count..<start + mark.count + digitCount
    }
    return nil
  }

  /// Replaces the placeholder's zeros.
  static func insert(_ value: UInt32, into header: inout [UInt8]) {
    guard let range = digits(in: header) else { return }
    header.replaceSubrange(range, with: text(of: value))
  }

  /// The eight digits of a checksum.
  static func text(of value: UInt32) -> [UInt8] {
    let text = String(value, radix: 16)
    return Array((String(repeating: "0", count: digitCount - text.count) + text).utf8)
  }
}

extension SafetensorsFile {
  private static let pieceByteCount = 1 << 20

  /// Whether the file was written with a checksum.
  package var hasChecksum: Bool { metadata[SafetensorsChecksum.key] != nil }

  /// Reads the whole file and compares it with the checksum it carries.
  ///
  /// - Throws: `FormatError.malformed` if there is no checksum or it is another one.
  package func verifyChecksum() throws(FormatError) {
    do {
      var header = try file.read(as: UInt8.self, count: dataOffset - 8, at: 8)
      guard let range = SafetensorsChecksum.digits(in: header) else {
        throw FormatError.malformed(file: file.path, reason: "has no checksum")
      }
      let stored = Array(header[range])
      header.replaceSubrange(range, with: repeatElement(UInt8(ascii: "0"), count: range.count))
      var crc = CRC32()
      crc.update(header)
      var offset = dataOffset
      while offset < file.byteCount {
        let count = min(Self.pieceByteCount, file.byteCount - offset)
        crc.update(try file.read(count: count, at: offset))
        offset += count
      }
      guard stored == SafetensorsChecksum.text(of: crc.value) else {
        throw FormatError.malformed(
          file: file.path, reason: "damaged: its checksum does not match its content")
      }
    } catch let error as FormatError {
      throw error
    } catch let error as SystemError {
      throw FormatError(error)
    } catch {
      throw .unreadable(file: file.path, reason: "\(error)")
    }
  }
}
