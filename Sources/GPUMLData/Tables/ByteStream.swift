import GPUMLSystem

/// The bytes of a text, read from the first to the last, some at a time.
package indirect enum ByteStream: Sendable {
  /// All of them in memory.
  case memory([UInt8])
  /// A file, read as it is needed.
  case file(RandomAccessFile)
  /// Standard input, whose first bytes have been read; it can be read only once.
  case standardInput(start: [UInt8])
  /// What expands from gzip; the file, for errors.
  case compressed(ByteStream, file: String)

  /// Whether the bytes can be read only once.
  var isReadOnce: Bool {
    switch self {
    case .memory, .file: false
    case .standardInput: true
    case .compressed(let stream, _): stream.isReadOnce
    }
  }

  /// The first bytes, at most `most` of them; of a stream that is read only once perhaps fewer.
  ///
  /// - Throws: As `ByteReader.next`, if there is an error at the first byte.
  func prefix(_ most: Int) throws(DataError) -> [UInt8] {
    var reader = ByteReader(start)
    var bytes: [UInt8] = []
    while bytes.count < most {
      do throws(DataError) {
        let more = try reader.next(most - bytes.count)
        if more.isEmpty { break }
        bytes += more
      } catch {
        // Who reads on is told, with the place.
        if bytes.isEmpty { throw error }
        break
      }
    }
    return bytes
  }

  /// All bytes, in memory.
  ///
  /// - Throws: As `ByteReader.next`.
  func loaded() throws(DataError) -> ByteStream {
    var reader = ByteReader(self)
    var bytes: [UInt8] = []
    while true {
      let more = try reader.next(max(1 << 18, bytes.count))
      if more.isEmpty { return .memory(bytes) }
      bytes += more
    }
  }

  /// What of the stream can be read without using it up.
  private var start: ByteStream {
    switch self {
    case .memory, .file: self
    case .standardInput(let start): .memory(start)
    case .compressed(let stream, let file): .compressed(stream.start, file: file)
    }
  }
}

/// Reads a stream from its first byte on.
struct ByteReader {
  /// How much compressed data is read at a time.
  private static let chunk = 1 << 16
  /// The most that a compressed text may expand: real tables shrink 3 to 50 times.
  private static let mostExpansion = 200

  private let stream: ByteStream
  private var offset = 0
  private let gzip: GzipReader?

  init(_ stream: ByteStream) {
    self.stream = stream
    guard case .compressed(let packed, let file) = stream else {
      gzip = nil
      return
    }
    var reader = ByteReader(packed)
    gzip = GzipReader(name: file, maximumRatio: Self.mostExpansion) { () throws(SystemError) in
      try reader.bytes(Self.chunk)
    }
  }

  /// The next bytes, at most `most` of them; none at the end.
  ///
  /// - Throws: `DataError.unreadable` if the system fails, `malformed` if the file has shrunk or is
  ///   damaged.
  mutating func next(_ most: Int) throws(DataError) -> [UInt8] {
    do throws(SystemError) {
      return try bytes(most)
    } catch {
      throw DataError(error)
    }
  }

  /// Whether it is known that nothing follows.
  var isAtEnd: Bool {
    switch stream {
    case .memory(let bytes): offset == bytes.count
    case .file(let file): offset == file.byteCount
    case .standardInput, .compressed: false
    }
  }

  private mutating func bytes(_ most: Int) throws(SystemError) -> [UInt8] {
    switch stream {
    case .memory(let bytes):
      let piece = offset == 0 && most >= bytes.count ? bytes : Array(bytes[offset...].prefix(most))
      offset += piece.count
      return piece
    case .file(let file):
      let piece = try file.read(count: min(most, file.byteCount - offset), at: offset)
      offset += piece.count
      return piece
    case .standardInput(let start):
      guard offset == start.count else {
        let piece = Array(start[offset...].prefix(most))
        offset += piece.count
        return piece
      }
      return try FileBytes.nextOfStandardInput(most)
    case .compressed: return try gzip?.read(most) ?? []
    }
  }
}

/// A part of a text that moves along it: what has been used is dropped, what is missing is read.
struct TextWindow {
  /// The least that is asked for at a time: large enough to be quick, small enough for the cache.
  private static let chunk = 1 << 18

  private var reader: ByteReader
  /// What has been read and not dropped.
  private(set) var bytes: [UInt8] = []
  /// The first byte that has not been used.
  var position = 0
  /// Whether nothing follows the window.
  private(set) var isAtEnd = false

  /// Begins at the start of the text, behind a byte order mark.
  init(_ stream: ByteStream) throws(DataError) {
    reader = ByteReader(stream)
    try extend()
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// Whether a whole line, or all that is left, is here, so that it can be read without waiting.
  var hasLine: Bool { isAtEnd || bytes[position...].contains(0x0A) }

  /// Drops what has been used and reads more: of a long record as much again as there is, so that
  /// it is looked at only a few times.
  mutating func extend() throws(DataError) {
    if position > 0 {
      bytes.removeFirst(position)
      position = 0
    }
    // A pipe gives little at a time, and who writes to it may wait for what the last rows give.
    let least = bytes.count > TextWindow.chunk ? 2 * bytes.count : bytes.count + 1
    while bytes.count < least, !isAtEnd {
      let more = try reader.next(max(TextWindow.chunk, bytes.count))
      isAtEnd = more.isEmpty || reader.isAtEnd
      if bytes.isEmpty { bytes = more } else { bytes += more }
    }
  }
}
