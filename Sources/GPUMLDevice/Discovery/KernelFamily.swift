/// The two ways in which every hot kernel is written.
package enum KernelFamily: String, Sendable, CaseIterable, Codable {
  /// Wide vectors, few work-items with much work each, no local memory.
  case cpu
  /// Many work-items that share tiles in local memory.
  case gpu

  /// The other one.
  package var other: KernelFamily { self == .cpu ? .gpu : .cpu }

  /// The family that suits a device, or the one that `GPUML_KERNELS` forces.
  ///
  /// - Throws: `DeviceError.invalidValue` if `GPUML_KERNELS` is neither `cpu` nor `gpu`.
  package init(for device: Device, environment: [String: String]) throws {
    guard let forced = environment["GPUML_KERNELS"], !forced.isEmpty else {
      self = device.isCPU && !device.hasDedicatedLocalMemory ? .cpu : .gpu
      return
    }
    guard let family = KernelFamily(rawValue: forced) else {
      throw DeviceError.invalidValue(
        operation: "GPUML_KERNELS", reason: "'\(forced)' is neither cpu nor gpu")
    }
    self = family
  }
}
