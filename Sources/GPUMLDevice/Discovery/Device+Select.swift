import FoundationEssentials

extension Device {
  /// Chooses the device for a use, and says why.
  ///
  /// - Parameters:
  ///   - use: What the device will do.
  ///   - request: The device the user asks for; `nil` takes `GPUML_DEVICE`, or else `auto`.
  ///   - requireGPU: Whether anything but a GPU is an error.
  ///   - smallBatch: Whether `auto` inference is of so few samples that the launch cost decides.
  ///   - environment: Where `GPUML_DEVICE` is looked up.
  /// - Throws: `DeviceError` with `isNoDevice` where no device fits.
  public static func select(
    for use: DeviceChoice.Use, request: DeviceRequest? = nil, requireGPU: Bool = false,
    smallBatch: Bool = false,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> DeviceChoice {
    try choose(
      among: try all(), for: use, request: request, requireGPU: requireGPU,
      smallBatch: smallBatch, environment: environment)
  }

  /// The choice as a function of nothing but its arguments.
  package static func choose(
    among devices: [Device], for use: DeviceChoice.Use, request: DeviceRequest? = nil,
    requireGPU: Bool = false, smallBatch: Bool = false, environment: [String: String] = [:]
  ) throws -> DeviceChoice {
    var origin = "asked for"
    var resolved = request
    if request == nil, let text = environment["GPUML_DEVICE"], !text.isEmpty {
      resolved = try DeviceRequest(text)
      origin = "GPUML_DEVICE is \(text)"
    }
    let chooser = DeviceChooser(
      devices: devices, request: resolved ?? .auto, origin: origin,
      smallBatch: use == .inference && smallBatch)
    let found = try chooser.choose(requireGPU: requireGPU)
    return DeviceChoice(
      device: found.device, reason: "\(use.rawValue) on \(found.device): \(found.reason)",
      warning: found.warning)
  }
}

/// The rules of the choice among some devices for one request.
private struct DeviceChooser {
  typealias Found = (device: Device, reason: String, warning: String?)

  let devices: [Device]
  let request: DeviceRequest
  let origin: String
  let smallBatch: Bool

  func choose(requireGPU: Bool) throws -> Found {
    let found = try choose()
    if requireGPU, !found.device.isGPU {
      throw DeviceError.noDevice(
        reason: gpus.isEmpty
          ? "a GPU is required and there is none (\(listing))"
          : "a GPU is required, but '\(request)' is \(found.device)")
    }
    return found
  }

  private func choose() throws -> Found {
    switch request {
    case .auto: return try automatic()
    case .cpu: return (try cpu(), origin, nil)
    case .gpu:
      if let gpu = bestGPU { return (gpu, gpuReason, nil) }
      let substitute = try cpu()
      return (
        substitute, "no GPU found, a CPU device stands in",
        "no GPU found: the CPU device \(substitute.name) stands in"
      )
    case .gpuNumber(let number):
      if let gpu = gpus.first(where: { $0.indexAmongGPUs == number }) { return (gpu, origin, nil) }
      throw missing(gpus.isEmpty ? "there is no GPU" : "there is no such GPU")
    case .openCL(let platform, let device):
      let found = devices.first { $0.platformIndex == platform && $0.deviceIndex == device }
      if let found { return (found, origin, nil) }
      throw missing("there is no such device")
    case .named(let text): return (try named(text), origin, nil)
    }
  }

  private func automatic() throws -> Found {
    if smallBatch, let device = devices.first(where: \.isInThread) {
      return (device, "small batches start fastest in the calling thread", nil)
    }
    if let gpu = bestGPU { return (gpu, gpuReason, nil) }
    if let cpu = bestCPU { return (cpu, "no GPU found", nil) }
    return (try cpu(), "only device", nil)
  }

  private func named(_ text: String) throws -> Device {
    let wanted = text.lowercased()
    let exact = devices.filter { $0.name.lowercased() == wanted }
    if exact.count == 1 { return exact[0] }
    var matches = devices.filter { $0.name.lowercased().contains(wanted) }
    if matches.isEmpty {
      matches = devices.filter {
        $0.vendor.lowercased().contains(wanted) || $0.platformName.lowercased().contains(wanted)
      }
    }
    if matches.count > 1 {
      throw DeviceError.noSuchDevice(
        request: text, reason: "fits several devices: \(DeviceChooser.list(matches))")
    }
    guard let match = matches.first else { throw missing("no device has that in its name") }
    return match
  }

  private var gpus: [Device] { devices.filter(\.isGPU) }

  private var bestGPU: Device? { DeviceChooser.strongest(gpus) }

  private var gpuReason: String {
    gpus.count == 1 ? "only GPU" : "most compute of \(gpus.count) GPUs"
  }

  /// The CPU device with the most compute: a team before the driver's threads, and those before a single
  /// in-thread device.
  private var bestCPU: Device? {
    let cpus = devices.filter(\.isCPU)
    return DeviceChooser.strongest(cpus.filter(\.isTeam) + cpus.filter { !$0.isInThread })
      ?? DeviceChooser.strongest(cpus)
  }

  private func cpu() throws -> Device {
    if let bestCPU { return bestCPU }
    if case .auto = request, let other = DeviceChooser.strongest(devices) { return other }
    throw missing("there is no CPU device; 'apt install pocl-opencl-icd' adds one")
  }

  /// The first of the devices with the highest estimate.
  private static func strongest(_ devices: [Device]) -> Device? {
    devices.reduce(nil) { best, device in
      guard let best else { return device }
      let (old, new) = (best.estimatedCompute, device.estimatedCompute)
      return new > old || (new == old && device.globalMemory > best.globalMemory) ? device : best
    }
  }

  private func missing(_ reason: String) -> DeviceError {
    .noSuchDevice(request: "\(request)", reason: "\(reason) (\(listing))")
  }

  private var listing: String {
    devices.isEmpty ? "no device found" : "found: \(DeviceChooser.list(devices))"
  }

  private static func list(_ devices: [Device]) -> String {
    devices.map { device in
      device.label == "cpu" ? "\(device.openCLLabel) \(device.name)" : device.description
    }.joined(separator: ", ")
  }
}
