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
