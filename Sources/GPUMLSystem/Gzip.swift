import CZlib

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
  ///   - maximumRatio: Beyond the first 16 MB, refuses output more than so many times its input.
  ///     Deflate itself reaches 1032.
  /// - Throws: `SystemError.corrupt` for a bad check sum, truncation or bytes after the end,
  ///   `SystemError.tooLarge` beyond `limit`.
  package static func inflate(
    _ bytes: [UInt8], name: String, limit: Int, maximumRatio: Int = 1100
  ) throws(SystemError) -> [UInt8] {
    try run(bytes, name: name, limit: limit, ratio: maximumRatio, onlyPrefix: false)
  }

  /// The first `count` bytes of the expanded content, or all of it if it is shorter.
  package static func prefix(
    _ bytes: [UInt8], name: String, count: Int
  ) throws(SystemError) -> [UInt8] {
    try run(bytes, name: name, limit: count, ratio: .max, onlyPrefix: true)
  }

  private static func run(
    _ bytes: [UInt8], name: String, limit: Int, ratio: Int, onlyPrefix: Bool
  ) throws(SystemError) -> [UInt8] {
    let stream = InflateStream()
    guard stream.isReady else { throw .corrupt(path: name, reason: "zlib does not start") }
    var output: [UInt8] = []
    var consumed = 0
    var chunk = min(max(1 << 16, min(bytes.count * 4, 1 << 22)), max(limit, 1))
    while true {
      // One byte beyond the limit tells a full output from an overflowing one.
      let room = min(chunk, limit - output.count + (onlyPrefix ? 0 : 1))
      if onlyPrefix, room == 0 { return output }
      let step = stream.step(bytes, from: consumed, room: room)
      consumed += step.consumed
      output.append(contentsOf: step.output)
      guard output.count <= limit else { throw .tooLarge(path: name, limit: limit) }
      if output.count > 1 << 24, output.count / max(consumed, 1) > ratio {
        throw .corrupt(path: name, reason: "expands more than \(ratio) times: refused")
      }
      switch step.outcome {
      case .ended:
        let rest = bytes.count - consumed
        if rest >= 2, bytes[consumed] == 0x1f, bytes[consumed + 1] == 0x8b {
          stream.reset()
        } else if bytes[consumed...].allSatisfy({ $0 == 0 }) {
          // Padding to a block's end, as tapes have it; gzip(1) takes it too.
          return output
        } else {
          throw .corrupt(path: name, reason: "\(rest) bytes follow the end of the gzip data")
        }
      case .more:
        if step.consumed == 0, step.output.isEmpty {
          throw .corrupt(path: name, reason: "the gzip data is truncated")
        }
      case .failed(let reason):
        throw .corrupt(path: name, reason: "bad gzip data: \(reason)")
      }
      chunk = max(1 << 16, min(output.count / 2, 1 << 22))
    }
  }
}

/// zlib's state; a class because zlib keeps the stream's address.
private final class InflateStream {
  enum Outcome {
    case more, ended
    case failed(String)
  }

  // Allocated by hand: zlib checks that its stream has not moved.
  private let stream: UnsafeMutablePointer<z_stream>
  let isReady: Bool

  init() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 15 bits of window, +16: a gzip header and no other.
    isReady =
      inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
  }

  deinit {
    if isReady { inflateEnd(stream) }
    stream.deallocate()
  }

  func reset() { inflateReset(stream) }

  func step(
    _ bytes: [UInt8], from start: Int, room: Int
  ) -> (output: [UInt8], consumed: Int, outcome: Outcome) {
    var status = Z_OK
    var consumed = 0
    let available = min(bytes.count - start, 1 << 30)
    // zlib reads and writes through raw pointers; both stay inside these two closures.
    let output = [UInt8](unsafeUninitializedCapacity: room) { target, produced in
      bytes.withUnsafeBufferPointer { source in
        let first = source.baseAddress.map { $0 + start }
        stream.pointee.next_in = UnsafeMutablePointer(mutating: first)
        stream.pointee.avail_in = UInt32(available)
        stream.pointee.next_out = target.baseAddress
        stream.pointee.avail_out = UInt32(room)
        status = CZlib.inflate(stream, Z_NO_FLUSH)
        consumed = available - Int(stream.pointee.avail_in)
        produced = room - Int(stream.pointee.avail_out)
        stream.pointee.next_in = nil
        stream.pointee.next_out = nil
      }
    }
    let outcome: Outcome =
      switch status {
      case Z_STREAM_END: .ended
      case Z_OK, Z_BUF_ERROR: .more
      default: .failed(stream.pointee.msg.map { String(cString: $0) } ?? "zlib error \(status)")
      }
    return (output, consumed, outcome)
  }
}
