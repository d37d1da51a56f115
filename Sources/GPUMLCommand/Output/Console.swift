import GPUMLSystem

/// What the command writes, and where: results to standard output, the rest to standard error.
enum Console {
  /// Writes a line of a result.
  static func standardOutput(_ line: String) throws { try StandardOutput.print(line) }

  /// Writes a line for people.
  static func standardError(_ line: String) { StandardError.print(line) }
}
