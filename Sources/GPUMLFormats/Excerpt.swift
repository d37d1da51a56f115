import GPUMLSystem

/// Text from a file, made to fit into a message of one line.
enum Excerpt {
  /// The text in quotes, cut if it is long, its control characters escaped.
  static func quoted(_ text: String) -> String { "'" + text.excerpt(limit: 80) + "'" }
}
