import GPUMLSystem

/// Where a result goes: a file that appears whole or not at all, or standard output.
///
/// Standard output gets nothing before the end of a result of moderate size, so that an error on
/// the way leaves it empty.
struct ResultSink {
  /// How much is held back at most where it goes to standard output.
  private static let mostHeld = 64 << 20

  private let path: String?
  private var pieces: [[UInt8]] = []
  private var held = 0

  /// - Parameter path: The file; nil or `-` for standard output.
  /// - Throws: `SystemError.cannotCreate` if the file could not be written in the end.
  init(path: String?) throws {
    self.path = path == "-" ? nil : path
    if let path = self.path { try AtomicFile.checkWritable(path) }
  }

  /// Adds a piece.
  mutating func write(_ text: String) throws {
    if text.isEmpty { return }
    pieces.append(Array(text.utf8))
    held += text.utf8.count
    if path == nil, held > ResultSink.mostHeld { try flush() }
  }

  /// Writes what has been added.
  mutating func finish() throws {
    guard let path else { return try flush() }
    try AtomicFile.write(to: path) { append in
      for piece in pieces { try append(piece) }
    }
  }

  private mutating func flush() throws {
    for piece in pieces { try StandardOutput.write(piece) }
    pieces = []
    held = 0
  }
}
