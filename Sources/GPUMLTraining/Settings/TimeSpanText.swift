/// Times as people write them.
package enum TimeSpanText {
  /// The longest there is, in seconds: some thirty years.
  private static let most = 1e9
  private static let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600]

  /// Reads a time above 0, such as `90s`, `10m` or `2h`; nil for anything else.
  package static func duration(_ text: String) -> Duration? {
    guard let unit = text.last.flatMap({ units[$0] }), let number = Double(text.dropLast()) else {
      return nil
    }
    let seconds = number * unit
    guard seconds > 0, seconds <= most else { return nil }
    let duration = Duration.seconds(seconds)
    return duration > .zero ? duration : nil
  }
}
