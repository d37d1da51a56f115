import GPUMLSystem

/// The bytes of a text that can be read again and again, some at a time.
package enum ByteStream: Sendable {
  /// All of them in memory.
  case memory([UInt8])
  /// A file, read as it is needed.
  case file(RandomAccessFile)

  /// The number of bytes.
  var count: Int {
    switch self {
    case .memory(let bytes): bytes.count
    case .file(let file): file.byteCount
    }
  }

  /// The bytes from `offset` on, at most `most` of them; none at the end.
  ///
  /// - Throws: `DataError.unreadable` if the system fails, `malformed` if the file has shrunk.
  func read(at offset: Int, most: Int) throws(DataError) -> [UInt8] {
    let length = max(0, min(most, count - offset))
    switch self {
    case .memory(let bytes): return Array(bytes[offset..<offset + length])
    case .file(let file):
      return try DataError.wrapping { () throws(SystemError) in
        try file.read(count: length, at: offset)
      }
    }
  }
}

/// A part of a text that moves along it: what has been used is dropped, what is missing is read.
struct TextWindow {
  /// The least that is read at a time: large enough to be quick, small enough for the cache.
  private static let chunk = 1 << 18

  private let stream: ByteStream
  private var offset: Int
  /// What has been read and not dropped.
  private(set) var bytes: [UInt8] = []
  /// The first byte that has not been used.
  var position = 0
  /// Whether nothing follows the window.
  private(set) var isAtEnd = false

  /// Begins at the start of the text, behind a byte order mark.
  init(_ stream: ByteStream) throws(DataError) {
    self.stream = stream
    offset = 0
    try extend()
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// Drops what has been used and reads as much again as is left, so that even a long record is
  /// looked at only a few times.
  mutating func extend() throws(DataError) {
    if position > 0 {
      bytes.removeFirst(position)
      position = 0
    }
    let more = try stream.read(at: offset, most: max(TextWindow.chunk, bytes.count))
    offset += more.count
    isAtEnd = offset >= stream.count
    if bytes.isEmpty { bytes = more } else { bytes += more }
  }
}
