import ArgumentParser
import GPUML

/// A time, such as `90s`, `10m` or `2h`.
struct TimeSpan: ExpressibleByArgument {
  /// As it was given.
  let text: String

  init?(argument: String) {
    if TimeSpanText.duration(argument) == nil { return nil }
    text = argument
  }
}
