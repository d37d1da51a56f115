import GPUMLSystem

/// Where a text goes: a file that appears whole or not at all, or standard output, piece by piece.
final class ResultSink {
  private let file: AtomicFileWriter?
  private var start = ""

  /// - Parameter path: The file; nil or `-` for standard output.
  /// - Throws: `SystemError.cannotCreate`.
  init(path: String?) throws {
    file = try path.flatMap { $0 == "-" ? nil : $0 }.map { try AtomicFileWriter($0) }
  }

  /// Keeps what comes first until there is something behind it, so that an error before leaves
  /// standard output empty.
  func begin(with text: String) { start = text }

  /// Adds a piece.
  func write(_ text: String) throws {
    let bytes = Array((start + text).utf8)
    start = ""
    if let file { try file.append(bytes) } else { try StandardOutput.write(bytes) }
  }

  /// Ends the text.
  func finish() throws {
    if !start.isEmpty { try write("") }
    try file?.finish()
  }
}
