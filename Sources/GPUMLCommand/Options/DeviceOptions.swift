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

  /// What these options set.
  func settings() -> [(key: String, value: SettingValue?)] {
    [
      ("device", SettingValue(device)), ("require_gpu", SettingValue(isOn: requireGpu)),
      ("memory_limit", SettingValue(memoryLimit?.bytes)),
    ]
  }

  /// The device asked for; nil if none is.
  ///
  /// It changes the process's environment, so that PoCL shows its in-thread devices: it comes before
  /// the first use of OpenCL.
  func request() throws -> DeviceRequest? {
    try DeviceOptions.expose()
    return try device.map { try DeviceRequest($0) }
  }

  /// The most examples that are a small batch before anything has been measured: to launch kernels
  /// for them costs more than to run them.
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

  /// Whether it is left to gpuml where predictions are made.
  private func isAutomatic() throws -> Bool {
    if requireGpu { return false }
    if let device { return try DeviceRequest(device) == .auto }
    let variable = ProcessInfo.processInfo.environment["GPUML_DEVICE"] ?? ""
    return try variable.isEmpty || DeviceRequest(variable) == .auto
  }

  /// Chooses a device for predictions with a graph: of `auto` the one that was measured fastest for
  /// such batches, or a rule by the size of the batch before anything has been measured.
  func chooseForInference(_ graph: Graph, batch: Int) throws -> DeviceChoice {
    guard try isAutomatic() else { return try choose(.inference) }
    return try speeds().choice(graph, batch: batch)
      ?? Device.select(
        for: .inference, request: .auto, smallBatch: batch <= DeviceOptions.smallBatch)
  }

  /// Measures predictions on every device that `auto` may choose, and keeps what it found; nothing
  /// where a device is asked for or there is only one.
  ///
  /// - Parameters:
  ///   - isAnew: Whether to measure again what has been measured before.
  ///   - work: Prepares predictions of the batch on a device, and returns what makes one.
  /// - Returns: The device to choose; nil if nothing was measured.
  func measureForInference(
    _ graph: Graph, batch: Int, isAnew: Bool = false,
    _ work: (DeviceContext) async throws -> (() async throws -> Void)
  ) async throws -> DeviceChoice? {
    guard try isAutomatic() else { return nil }
    let speeds = try speeds()
    if !isAnew, let known = speeds.choice(graph, batch: batch) { return known }
    guard speeds.candidates.count > 1 else { return nil }
    let times = try await speeds.measure(graph, batch: batch) { device in
      try await work(DeviceContext(device: device, memoryLimit: memoryLimit?.bytes))
    }
    return speeds.choice(times, batch: batch)
  }

  private func speeds() throws -> InferenceSpeeds {
    try DeviceOptions.expose()
    return InferenceSpeeds(try Device.all())
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
