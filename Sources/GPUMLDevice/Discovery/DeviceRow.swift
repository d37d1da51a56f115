import FoundationEssentials

/// One line of the table of devices: what a user needs to pick one.
package struct DeviceRow: Sendable {
  /// What to ask for: `gpu:0`, `cpu` or `opencl:0:0`.
  package let request: String
  package let device: Device
  /// "CPU", "GPU", or several where a simulator is more than one.
  package let kind: String
  /// What the device does well, in a few words.
  package let suits: String
  /// Why training would choose it; `nil` if it would not.
  package let trainingReason: String?
  /// Why inference would choose it; `nil` if it would not.
  package let inferenceReason: String?

  /// A row for each device of this machine.
  package static func all(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> [DeviceRow] {
    try rows(for: try Device.all(), environment: environment)
  }

  /// A row for each device given, with the choices that `GPUML_DEVICE` or `auto` makes.
  package static func rows(
    for devices: [Device], environment: [String: String]
  ) throws -> [DeviceRow] {
    let training = try Device.choose(among: devices, for: .training, environment: environment)
    let inference = try Device.choose(among: devices, for: .inference, environment: environment)
    let cpu = try? Device.choose(among: devices, for: .training, request: .cpu).device
    return devices.map { device in
      DeviceRow(
        request: device.indexAmongGPUs.map { "gpu:\($0)" }
          ?? (device == cpu ? "cpu" : device.openCLLabel),
        device: device, kind: device.kindName, suits: device.suits,
        trainingReason: device == training.device ? training.reason : nil,
        inferenceReason: device == inference.device ? inference.reason : nil)
    }
  }
}

extension Device {
  fileprivate var kindName: String {
    let named: [(Kind, String)] = [(.cpu, "CPU"), (.gpu, "GPU"), (.accelerator, "accelerator")]
    let names = named.filter { kind.contains($0.0) }.map(\.1)
    return names.isEmpty ? "other" : names.joined(separator: "+")
  }

  fileprivate var suits: String {
    if kind.isSuperset(of: [.cpu, .gpu]) { return "checking kernels, very slow" }
    if isTeam { return "training and inference on the CPU, by gpuml's own threads" }
    if isInThread { return "inference of one or a few samples" }
    return isGPU ? "training, inference of large batches" : "training and inference on the CPU"
  }
}
