import ArgumentParser
import GPUMLSystem

/// A number of bytes, such as `512M`.
struct ByteCount: ExpressibleByArgument {
  /// Above 0.
  let bytes: Int

  /// A default.
  init(megabytes: Int) { bytes = megabytes << 20 }

  var defaultValueDescription: String { "\(bytes >> 20)M" }

  init?(argument: String) {
    guard let bytes = ByteCountText.bytes(argument) else { return nil }
    self.bytes = bytes
  }

  /// A number of bytes for people, such as `7.8 MiB`.
  static func text(_ bytes: Int) -> String {
    bytes < 1 << 20
      ? "\((Double(bytes) / 1024).fixed(1)) KiB" : "\((Double(bytes) / 1_048_576).fixed(1)) MiB"
  }
}
