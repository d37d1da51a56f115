/// Where the rows of a table lie, before its columns are known.
package enum TableSource: Sendable {
  /// A CSV, TSV or JSON Lines text; the file, for errors.
  case text(ByteStream, file: String)
  /// The rows that a query of a database gives.
  case database(any DatabaseRows)
}
