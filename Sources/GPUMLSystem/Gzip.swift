/// Gzip (RFC 1952) in memory, by zlib, with a bound on what a small file may expand to.
package enum Gzip {
  /// Whether the bytes begin like a gzip file: 1f 8b.
  package static func isCompressed(_ bytes: [UInt8]) -> Bool {
    bytes.count >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b
  }

  /// The file's bytes, inflated if they begin like gzip.
  package static func readFile(
    _ path: String, expandedLimit: Int
  ) throws(SystemError) -> [UInt8] {
    let bytes = try FileBytes.read(path)
    return isCompressed(bytes) ? try inflate(bytes, name: path, limit: expandedLimit) : bytes
  }

  /// Inflates all members, checking their CRC and length.
  ///
  /// - Parameters:
  ///   - name: The file, for errors.
  ///   - limit: The most bytes to produce; memory grows only with what is really produced.
  ///   - maximumRatio: As of `GzipReader`.
  /// - Throws: As `GzipReader.read`; `SystemError.tooLarge` beyond `limit`.
  package static func inflate(
    _ bytes: [UInt8], name: String, limit: Int, maximumRatio: Int = GzipReader.largestRatio
  ) throws(SystemError) -> [UInt8] {
    let reader = GzipReader(bytes, name: name, maximumRatio: maximumRatio)
    var output: [UInt8] = []
    var chunk = min(max(1 << 16, min(bytes.count * 4, 1 << 22)), max(limit, 1))
    while true {
      // One byte beyond the limit tells a full output from an overflowing one.
      let piece = try reader.read(min(chunk, limit - output.count + 1))
      if piece.isEmpty { return output }
      if output.isEmpty { output = piece } else { output += piece }
      guard output.count <= limit else { throw .tooLarge(path: name, limit: limit) }
      chunk = max(1 << 16, min(output.count / 2, 1 << 22))
    }
  }

  /// The first `count` bytes of the expanded content, or all of it if it is shorter.
  package static func prefix(
    _ bytes: [UInt8], name: String, count: Int
  ) throws(SystemError) -> [UInt8] {
    try GzipReader(bytes, name: name, maximumRatio: .max).read(count)
  }
}
