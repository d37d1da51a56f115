import Glibc

/// The name of this machine, as others see it.
package enum HostName {
  /// Letters, digits, points and hyphens; `localhost` where it has none.
  package static var text: String {
    var bytes = [CChar](repeating: 0, count: 256)
    guard gethostname(&bytes, bytes.count - 1) == 0 else { return "localhost" }
    let name = bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }.filter {
      $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") || isalnum(Int32($0)) != 0 && $0 < 128
    }
    return name.isEmpty ? "localhost" : String(decoding: name, as: UTF8.self)
  }
}
