import FoundationEssentials
import GPUMLSystem

/// What `GPUML_DEBUG` asks for: 1 the device and why, 2 the plan, 3 each kernel's time,
/// 4 the generated source. Each level includes those below.
package struct DebugLog: Sendable {
  package static let shared = DebugLog(environment: ProcessInfo.processInfo.environment)

  package let level: Int

  package init(environment: [String: String]) {
    level = environment["GPUML_DEBUG"].flatMap { Int($0) } ?? 0
  }

  /// Writes a text to standard error if the level asks for it.
  package func print(_ level: Int, _ text: () throws -> String) rethrows {
    if level > self.level { return }
    StandardError.print(try text())
  }
}
