import ArgumentParser

/// A time, such as `90s`, `10m` or `2h`.
struct TimeSpan: ExpressibleByArgument {
  /// The longest there is, in seconds: some thirty years.
  private static let most = 1e9

  /// Above 0.
  let duration: Duration

  init?(argument: String) {
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
    guard let unit = argument.last.flatMap({ units[$0] }), let number = Double(argument.dropLast())
    else { return nil }
    let seconds = number * unit
    guard seconds > 0, seconds <= TimeSpan.most else { return nil }
    let duration = Duration.seconds(seconds)
    guard duration > .zero else { return nil }
    self.duration = duration
  }
}
