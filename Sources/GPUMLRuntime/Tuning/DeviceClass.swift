import GPUMLDevice

/// Makes of devices that want tiles of their own before anything is measured.
package enum DeviceClass: String, Sendable, CaseIterable {
  /// Fast local memory, many registers.
  case nvidia
  /// Fast local memory, groups of 64 work-items at a time.
  case amd
  /// Few registers a work-item.
  case intel
  /// Small GPUs, most of which keep local memory in the ordinary one.
  case mobile
  /// Anything else, a CPU that runs the kernels for GPUs among it.
  case unknown

  package init(_ device: Device) { self.init(vendor: device.vendor, isCPU: device.isCPU) }

  /// - Parameters:
  ///   - vendor: As the driver gives it.
  ///   - isCPU: CPUs bear the names of makers of GPUs too.
  package init(vendor: String, isCPU: Bool) {
    let name = vendor.lowercased()
    func has(_ makers: String...) -> Bool { makers.contains { name.contains($0) } }
    self =
      if isCPU {
        .unknown
      } else if has("nvidia") {
        .nvidia
      } else if has("advanced micro devices", "amd") {
        .amd
      } else if has("intel") {
        .intel
      } else if name.hasPrefix("arm") || has("qualcomm", "imagination", "mali", "adreno") {
        .mobile
      } else {
        .unknown
      }
  }
}

/// How much of a device a work-group may take.
package struct WorkGroupLimits: Sendable {
  /// The most work-items.
  package let items: Int
  /// The most work-items along each dimension.
  package let sizes: [Int]
  /// Bytes of local memory.
  package let localMemory: Int

  package init(items: Int, sizes: [Int], localMemory: Int) {
    self.items = items
    self.sizes = sizes
    self.localMemory = localMemory
  }

  package init(_ device: Device) {
    self.init(
      items: device.maxWorkGroupSize, sizes: device.maxWorkItemSizes,
      localMemory: device.localMemory)
  }

  /// The same for a device whose groups have at most so many work-items; nil for no other limit.
  func capped(at most: Int?) -> WorkGroupLimits {
    guard let most else { return self }
    return WorkGroupLimits(
      items: min(items, most), sizes: sizes.map { min($0, most) }, localMemory: localMemory)
  }

  /// The largest power of two up to `wanted` that a group along one dimension may have.
  package func group(_ wanted: Int) -> Int {
    var group = 1
    while 2 * group <= min(wanted, items, sizes.first ?? items) { group *= 2 }
    return group
  }

  /// How many of a group's work-items, a power of two, share a line of some elements so that each has
  /// about `each` of them.
  static func lanes(for length: Int, of group: Int, each: Int) -> Int {
    var lanes = 1
    while lanes < group, lanes * each < length { lanes *= 2 }
    return lanes
  }

  /// Whether a group of this many work-items along two dimensions is allowed.
  package func allow(_ first: Int, _ second: Int) -> Bool {
    first * second <= items && first <= sizes.first ?? items
      && second <= (sizes.count > 1 ? sizes[1] : items)
  }
}
