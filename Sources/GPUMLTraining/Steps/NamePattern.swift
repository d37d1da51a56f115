#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif
import GPUMLGraph

/// A pattern of the dotted names of parameters, as shells match names: `*` is any text, `?` any
/// character, `[01]` one of some. A pattern also stands for everything below what it names: `layers.0` for
/// `layers.0.weight` and `layers.0.bias`.
enum NamePattern {
  /// Whether a pattern stands for a name.
  static func matches(_ pattern: String, _ name: String) -> Bool {
    if fnmatch(pattern, name, 0) == 0 { return true }
    let parts = name.split(separator: ".")
    return (1..<max(1, parts.count)).contains {
      fnmatch(pattern, parts.prefix($0).joined(separator: "."), 0) == 0
    }
  }

  /// The parameters that none of the patterns stands for.
  ///
  /// - Throws: `TrainingError.invalidConfiguration` for a pattern that stands for none, and if no
  ///   parameter is left.
  static func leavingOut(
    _ patterns: [String], from parameters: [NamedVariable]
  ) throws(TrainingError) -> [NamedVariable] {
    for pattern in patterns where !parameters.contains(where: { matches(pattern, $0.name) }) {
      let names = parameters.map(\.name)
      let told = names.prefix(6).joined(separator: ", ") + (names.count > 6 ? ", …" : "")
      throw .invalidConfiguration(
        key: "freeze", reason: "'\(pattern)' is none of the parameters \(told)")
    }
    let left = parameters.filter { parameter in
      !patterns.contains { matches($0, parameter.name) }
    }
    if left.isEmpty {
      throw .invalidConfiguration(key: "freeze", reason: "no parameter is left to train")
    }
    return left
  }
}
