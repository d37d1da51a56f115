import ArgumentParser
import FoundationEssentials
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
  ///
  /// It changes the process's environment, so that PoCL shows its in-thread devices: it comes before
  /// the first use of OpenCL.
  func request() throws -> DeviceRequest? {
    try DeviceOptions.expose()
    return try device.map { try DeviceRequest($0) }
  }

  /// The most examples that are a small batch: to launch kernels for them costs more than to run
  /// them.
  private static let smallBatch = 4

  /// Chooses a device.
  func choose(_ use: DeviceChoice.Use) throws -> DeviceChoice {
    try Device.select(for: use, request: request(), requireGPU: requireGpu)
  }

  /// Shows PoCL's in-thread devices, unless kernels for GPUs are asked for, whose groups no team shares.
  static func expose() throws {
    if ProcessInfo.processInfo.environment["GPUML_KERNELS"] == "gpu" { return }
    try Device.offerTeam()
  }

  /// Whether so many examples at a time are left to the device that starts them fastest.
  func isSmall(_ exampleCount: Int) throws -> Bool {
    guard exampleCount <= DeviceOptions.smallBatch, !requireGpu else { return false }
    if let device { return try DeviceRequest(device) == .auto }
    let variable = ProcessInfo.processInfo.environment["GPUML_DEVICE"] ?? ""
    return try variable.isEmpty || DeviceRequest(variable) == .auto
  }

  /// Chooses a device for predictions of a small or a large batch.
  func chooseForInference(isSmall: Bool) throws -> DeviceChoice {
    try Device.select(
      for: .inference, request: request(), requireGPU: requireGpu, smallBatch: isSmall)
  }

  /// Chooses a device to test.
  func chooseForDoctor() throws -> DeviceChoice { try choose(.training) }

  /// Opens a device, and warns if some of its kernels are disabled or what was tuned is ignored.
  func open(_ choice: DeviceChoice, _ output: OutputOptions) throws -> DeviceContext {
    let context = try DeviceContext(device: choice.device, memoryLimit: memoryLimit?.bytes)
    output.warn(VariantRecord.notice(for: context))
    output.warn(TuningRecord.notice(for: context))
    return context
  }
}
