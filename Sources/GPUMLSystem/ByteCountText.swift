/// Numbers of bytes as people write them.
package enum ByteCountText {
  private static let units: [Character: Int] = [
    "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40,
  ]

  /// Reads a number above 0, such as `4096` or `512M`; nil for anything else.
  package static func bytes(_ text: String) -> Int? {
    let unit = text.last.flatMap { units[Character($0.lowercased())] }
    guard let number = Int(unit == nil ? text[...] : text.dropLast()), number > 0 else {
      return nil
    }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: unit ?? 1)
    return overflow ? nil : bytes
  }
}
