/// The device that was chosen, and why.
public struct DeviceChoice: Sendable {
  /// What the device will do.
  public enum Use: String, Sendable, CaseIterable {
    /// Long runs of large steps: throughput counts.
    case training
    /// Answers: the time to start counts as well.
    case inference
  }

  /// The chosen device.
  public let device: Device
  /// One line such as "training on gpu:0 NVIDIA H200: only GPU".
  public let reason: String
  /// One line for stderr where the device is not of the kind that was asked for.
  public let warning: String?

  package init(device: Device, reason: String, warning: String?) {
    self.device = device
    self.reason = reason
    self.warning = warning
  }
}
