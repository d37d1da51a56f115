import GPUMLSystem
import Synchronization

/// What the command writes, and where: results to standard output, the rest to standard error.
enum Console {
  /// Whether a line is on the terminal that the next text has to take the place of.
  private static let hasPassingLine = Mutex(false)

  /// Writes a line of a result.
  static func standardOutput(_ line: String) throws {
    clearPassingLine()
    try StandardOutput.print(line)
  }

  /// Writes a line for people.
  static func standardError(_ line: String) {
    clearPassingLine()
    StandardError.print(line)
  }

  /// Draws a line on the terminal that stays until anything else is written.
  static func showPassingLine(_ text: String) {
    hasPassingLine.withLock { isShown in
      StandardError.emit("\r\u{1B}[K" + text)
      isShown = true
    }
  }

  /// Takes the passing line off the terminal.
  static func clearPassingLine() {
    hasPassingLine.withLock { isShown in
      if isShown { StandardError.emit("\r\u{1B}[K") }
      isShown = false
    }
  }
}
