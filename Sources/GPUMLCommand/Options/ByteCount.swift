import ArgumentParser

/// A number of bytes, such as `512M`.
struct ByteCount: ExpressibleByArgument {
  /// Above 0.
  let bytes: Int

  /// A default.
  init(megabytes: Int) { bytes = megabytes << 20 }

  init?(argument: String) {
    let units: [Character: Int] = ["k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40]
    let unit = argument.last.flatMap { units[Character($0.lowercased())] }
    guard let number = Int(unit == nil ? argument[...] : argument.dropLast()), number > 0 else {
      return nil
    }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: unit ?? 1)
    if overflow { return nil }
    self.bytes = bytes
  }

  /// A number of bytes for people, such as `7.8 MiB`.
  static func text(_ bytes: Int) -> String {
    bytes < 1 << 20
      ? "\((Double(bytes) / 1024).fixed(1)) KiB" : "\((Double(bytes) / 1_048_576).fixed(1)) MiB"
  }
}
