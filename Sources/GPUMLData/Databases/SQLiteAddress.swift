import GPUMLSystem

/// Names rows of an SQLite database: `sqlite:PATH?table=NAME` or `sqlite:PATH?query=SELECT…`.
///
/// What is behind the first `?` is percent-decoded (RFC 3986), so that `%25` stands for a percent sign
/// and `%26` for `&`; a plus sign is itself. The path is taken as it is.
package struct SQLiteAddress: Sendable, Equatable {
  /// Which rows of the database are meant.
  package enum Rows: Sendable, Equatable {
    /// All rows of a table or a view.
    case table(String)
    /// Those that a query gives.
    case query(String)
  }

  private static let scheme = "sqlite:"

  /// The database's file.
  package let path: String
  /// Which of its rows are meant.
  package let rows: Rows

  /// Whether a text begins like such an address.
  package static func isAddress(_ text: String) -> Bool { text.hasPrefix(scheme) }

  /// Reads an address.
  ///
  /// - Throws: `DataError.badAddress` unless there is a path, and of `table` and `query` exactly one.
  package init(parsing text: String) throws(DataError) {
    func failure(_ reason: String) -> DataError { .badAddress(text, reason: reason) }
    let rest = text.dropFirst(SQLiteAddress.scheme.count)
    path = String(rest.prefix { $0 != "?" })
    guard SQLiteAddress.isAddress(text), !path.isEmpty else {
      throw failure("no path of a database; it is sqlite:PATH?table=NAME")
    }
    var found: Rows?
    for item in rest.dropFirst(path.count + 1).split(separator: "&") {
      let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let value = SQLiteAddress.decoded(parts.count == 2 ? parts[1] : ""), !value.isEmpty
      else {
        throw failure(
          "the value of '\(parts[0])' is empty or badly encoded: % is written %25, & is written %26"
        )
      }
      guard found == nil else { throw failure("either one table or one query is read") }
      switch parts[0] {
      case "table": found = .table(value)
      case "query": found = .query(value)
      default: throw failure("'\(parts[0])' is neither table nor query")
      }
    }
    guard let found else { throw failure("add ?table=NAME or ?query=SELECT…") }
    rows = found
  }

  /// The text with `%41` made `A` and so on; nil for a percent sign without two hexadecimal digits, for
  /// what is no UTF-8 and for a NUL character.
  private static func decoded(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      let digits = String(decoding: rest.prefix(2), as: UTF8.self)
      guard digits.count == 2, digits.allSatisfy(\.isHexDigit), let value = UInt8(digits, radix: 16)
      else { return nil }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
  }
}
