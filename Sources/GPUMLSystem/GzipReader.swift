import CZlib

/// Inflates gzip (RFC 1952) by zlib from the first byte to the last, some at a time, with a bound on
/// what a small file may expand to.
package final class GzipReader {
  /// Deflate itself reaches 1032.
  package static let largestRatio = 1100
  /// The output that is let pass at any ratio.
  private static let unmeasured = 1 << 24

  private let name: String
  private let maximumRatio: Int
  private let source: () throws(SystemError) -> [UInt8]
  private let stream = InflateStream()
  /// What the source gave, used up to `position`.
  private var input: [UInt8] = []
  private var position = 0
  private var isSourceAtEnd = false
  private var isAtEnd = false
  private var consumed = 0
  private var produced = 0

  /// - Parameters:
  ///   - name: The file, for errors.
  ///   - maximumRatio: Beyond the first 16 MB, refuses output more than so many times its input.
  ///   - source: Gives the next compressed bytes; none at the end.
  package init(
    name: String, maximumRatio: Int = largestRatio,
    source: @escaping () throws(SystemError) -> [UInt8]
  ) {
    self.name = name
    self.maximumRatio = maximumRatio
    self.source = source
  }

  /// Reads compressed bytes in memory.
  package convenience init(
    _ bytes: [UInt8], name: String, maximumRatio: Int = largestRatio
  ) {
    var rest = bytes
    self.init(name: name, maximumRatio: maximumRatio) { () throws(SystemError) in
      defer { rest = [] }
      return rest
    }
  }

  /// The next `most` bytes of all members' content, fewer only at its end.
  ///
  /// - Throws: `SystemError.corrupt` for a bad check sum, truncation, bytes after the end or a ratio
  ///   above the bound; what the source throws. Nothing is to be read after an error.
  package func read(_ most: Int) throws(SystemError) -> [UInt8] {
    guard stream.isReady else { throw .corrupt(path: name, reason: "zlib does not start") }
    var output: [UInt8] = []
    while output.count < most, !isAtEnd {
      if position == input.count { try refill() }
      let step = stream.step(input, from: position, room: most - output.count)
      position += step.consumed
      consumed += step.consumed
      produced += step.output.count
      if output.isEmpty { output = step.output } else { output += step.output }
      if produced > GzipReader.unmeasured, produced / max(consumed, 1) > maximumRatio {
        throw .corrupt(path: name, reason: "expands more than \(maximumRatio) times: refused")
      }
      switch step.outcome {
      case .ended: try endMember()
      case .more:
        if step.consumed == 0, step.output.isEmpty, isSourceAtEnd {
          throw .corrupt(path: name, reason: "the gzip data is truncated")
        }
      case .failed(let reason):
        throw .corrupt(path: name, reason: "bad gzip data: \(reason)")
      }
    }
    return output
  }

  /// Goes on to the next member, or to the end.
  private func endMember() throws(SystemError) {
    while input.count - position < 2, !isSourceAtEnd { try refill() }
    if Gzip.isCompressed(Array(input[position...].prefix(2))) { return stream.reset() }
    while true {
      // Padding to a block's end, as tapes have it; gzip(1) takes it too.
      guard input[position...].allSatisfy({ $0 == 0 }) else {
        let count = "\(input.count - position)\(isSourceAtEnd ? "" : " or more")"
        throw .corrupt(path: name, reason: "\(count) bytes follow the end of the gzip data")
      }
      position = input.count
      if isSourceAtEnd { break }
      try refill()
    }
    isAtEnd = true
  }

  private func refill() throws(SystemError) {
    let more = try source()
    isSourceAtEnd = more.isEmpty
    input = position == input.count ? more : Array(input[position...]) + more
    position = 0
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
