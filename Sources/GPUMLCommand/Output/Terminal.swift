import Glibc

/// What standard error is connected to.
struct Terminal {
  /// Whether somebody watches it, and lines can be drawn anew.
  let isTerminal: Bool
  /// The columns of a line.
  let width: Int
  /// Whether colours may be used.
  let hasColor: Bool

  /// Looks at standard error.
  ///
  /// - Parameter allowsColor: False turns colours off, as does the variable `NO_COLOR`.
  init(allowsColor: Bool) {
    // A dumb one cannot draw over a line.
    isTerminal = isatty(STDERR_FILENO) == 1 && getenv("TERM").map { String(cString: $0) } != "dumb"
    var size = winsize()
    let isKnown = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    width = isKnown ? Int(size.ws_col) : 80
    hasColor = isTerminal && allowsColor && getenv("NO_COLOR") == nil
  }

  /// A terminal as it is described.
  init(width: Int, hasColor: Bool) {
    isTerminal = true
    self.width = width
    self.hasColor = hasColor
  }

  /// The text in green where colours may be used.
  func green(_ text: String) -> String { hasColor ? "\u{1B}[32m\(text)\u{1B}[0m" : text }
}
