import COpenCL
import GPUMLSystem
import Glibc

/// PoCL's own switch for which of its devices a process sees.
enum PoclDevices {
  static let variable = "POCL_DEVICES"
  /// The loader's switch for the order of drivers.
  private static let sorting = "OCL_ICD_PLATFORM_SORT"

  /// The most threads of a team: with more cores PoCL's own threads share the work.
  private static let mostThreads = 16

  /// Makes PoCL offer in-thread CPU devices beside the threaded one, one a core, in this process.
  ///
  /// Only a program that owns its process may call this, before its first other OpenCL call and
  /// before it starts threads: it changes the environment. It does nothing where the user has set
  /// `POCL_DEVICES` or where PoCL is not installed. PoCL offers nothing at all when it does not
  /// know one of the names, and looks again at the next call: then the older names are tried, and
  /// last the variable is removed again.
  ///
  /// - Returns: The value that was set; `nil` if the environment is as it was.
  @discardableResult
  static func exposeInThreadDevices() throws -> String? {
    if getenv(variable) != nil { return nil }
    // Where several drivers are installed, the loader ocl-icd sorts them by their devices as it
    // starts, and PoCL has then chosen its own before anybody knows its version.
    setenv(sorting, "none", 0)
    guard
      let pocl = try Platform.all().first(where: { $0.name == Platform.poclName })
    else { return nil }
    return try expose(
      values(forPlatformVersion: pocl.version, threads: min(mostThreads, ProcessorCount.available)),
      set: { value in
        if let value { setenv(variable, value, 1) } else { unsetenv(variable) }
      },
      hasDevice: { try !pocl.deviceHandles().isEmpty })
  }

  /// The values to try in turn: PoCL renamed its devices in version 4.
  static func values(forPlatformVersion version: String, threads: Int) -> [String] {
    let major = version.split(separator: "PoCL ").dropFirst().first
      .flatMap { Int($0.prefix(while: \.isNumber)) }
    func repeated(_ name: String) -> String {
      [String](repeating: name, count: max(1, threads)).joined(separator: " ")
    }
    let (old, new) = ("pthread " + repeated("basic"), "cpu " + repeated("cpu-minimal"))
    return (major ?? 4) < 4 ? [old, new] : [new, old]
  }

  /// Keeps the first value that leaves a device; without one, no value.
  static func expose(
    _ values: [String], set: (String?) -> Void, hasDevice: () throws -> Bool
  ) rethrows -> String? {
    for value in values {
      set(value)
      if try hasDevice() { return value }
    }
    set(nil)
    return nil
  }
}
