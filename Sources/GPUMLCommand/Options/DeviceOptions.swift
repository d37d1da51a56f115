import ArgumentParser
import GPUML

/// Which device is used, and how much of it.
struct DeviceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      auto, cpu, gpu, gpu:NUMBER, opencl:PLATFORM:DEVICE or part of a device's name; the variable \
      GPUML_DEVICE sets the default.
      """,
      valueName: "device"))
  var device: String?

  @Flag(help: "Fail where there is no GPU, rather than use the CPU.")
  var requireGpu = false

  @Option(help: "The most device memory to use, in bytes or with a suffix K, M or G.")
  var memoryLimit: ByteCount?

  /// The device asked for; nil if none is.
  func request() throws -> DeviceRequest? { try device.map { try DeviceRequest($0) } }

  /// Chooses a device.
  func choose(_ use: DeviceChoice.Use, smallBatch: Bool = false) throws -> DeviceChoice {
    try Device.select(
      for: use, request: request(), requireGPU: requireGpu, smallBatch: smallBatch)
  }

  /// Opens a device.
  func open(_ choice: DeviceChoice) throws -> DeviceContext {
    try DeviceContext(device: choice.device, memoryLimit: memoryLimit?.bytes)
  }
}

/// A number of bytes, such as `512M`.
struct ByteCount: ExpressibleByArgument {
  /// Above 0.
  let bytes: Int

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
}
