/// One OpenCL device and what it reports about itself.
public struct Device: Sendable, Equatable {
  /// What a device says it is; a simulator may be several at once.
  public struct Kind: OptionSet, Sendable {
    /// The bits of `CL_DEVICE_TYPE`.
    public let rawValue: UInt64
    /// A kind from the bits of `CL_DEVICE_TYPE`.
    public init(rawValue: UInt64) { self.rawValue = rawValue }
    /// The host's processor.
    public static let cpu = Kind(rawValue: 1 << 1)
    /// A graphics processor.
    public static let gpu = Kind(rawValue: 1 << 2)
    /// Another accelerator.
    public static let accelerator = Kind(rawValue: 1 << 3)
  }

  /// The device's name, as the driver gives it.
  public let name: String
  /// The maker of the device.
  public let vendor: String
  /// The OpenCL driver that offers the device.
  public let platformName: String
  /// The driver's version.
  public let driverVersion: String
  /// The newest OpenCL C the device compiles, such as "OpenCL C 1.2 pocl".
  public let openCLCVersion: String
  /// What the device says it is.
  public let kind: Kind
  /// The number of units that run work-groups side by side.
  public private(set) var computeUnits: Int
  /// The threads of gpuml's own that share its launches: more than 1 for a team, which takes an
  /// in-thread device for each; 1 where the driver's threads do all.
  public private(set) var threads = 1
  /// The clock in MHz; 0 where the driver does not know.
  public let clockMHz: Int
  /// The device's memory, in bytes.
  public let globalMemory: Int
  /// The largest single allocation, in bytes.
  public let maxAllocation: Int
  /// The memory that a work-group shares, in bytes.
  public let localMemory: Int
  /// Whether that memory is a fast one of its own; false where it is ordinary memory.
  public let hasDedicatedLocalMemory: Bool
  /// How many floats one hardware vector holds.
  public let nativeVectorWidthFloat: Int
  /// Whether numbers below the least normal one keep their value instead of becoming 0.
  public let keepsDenormals: Bool
  /// The most work-items of one work-group.
  public let maxWorkGroupSize: Int
  /// The most work-items of a work-group along each dimension.
  public let maxWorkItemSizes: [Int]
  /// The alignment that a sub-buffer's offset needs, in bytes.
  public let memoryBaseAlignment: Int
  /// The OpenCL extensions the device offers.
  public let extensions: Set<String>
  /// The position of its platform among the platforms.
  public let platformIndex: Int
  /// Its position among its platform's devices.
  public let deviceIndex: Int
  /// Its position among the GPUs of this machine; `nil` for other devices.
  public internal(set) var indexAmongGPUs: Int?
  /// The driver's own handles; `nil` for a device that was only made up.
  private(set) var handles: Handles?

  struct Handles: Sendable, Equatable {
    let platform: Handle
    let device: Handle
    /// Devices of the same kind, one for each further thread of a team.
    var helpers: [Handle] = []

    var all: [Handle] { [device] + helpers }
  }
}

extension Device {
  /// Whether the device is a real GPU; a simulator that is a CPU as well is not.
  public var isGPU: Bool { kind.contains(.gpu) && !kind.contains(.cpu) }

  /// Whether the device is the host's processor.
  public var isCPU: Bool { kind.contains(.cpu) }

  /// What tells this device and its driver from others: what compiled kernels depend on.
  package var identity: [String] { [platformName, name, driverVersion, openCLCVersion] }

  /// Whether launches run in the thread that waits for them, so that starting one costs least.
  public var isInThread: Bool {
    platformName == Platform.poclName
      && (name.hasPrefix("basic") || name.hasPrefix("cpu-minimal"))
  }

  /// Whether launches are shared by a team of threads, each with an in-thread device.
  public var isTeam: Bool { threads > 1 }

  /// This device with others of its kind at hand for further threads.
  func joined(by others: [Device]) -> Device {
    // A launch counts at most so many helpers.
    let others = others.prefix(255)
    if others.isEmpty { return self }
    var device = self
    device.handles?.helpers = others.compactMap { $0.handles?.device }
    device.threads = 1 + others.count
    device.computeUnits = device.threads
    return device
  }

  /// A rough peak for ranking devices: units × float lanes of a unit × clock.
  ///
  /// OpenCL does not report how wide a GPU's unit is, so it is taken from the vendor's extensions.
  var estimatedCompute: Double {
    let lanes: Int
    if !isGPU {
      lanes = max(1, nativeVectorWidthFloat)
    } else if extensions.contains("cl_nv_device_attribute_query") {
      lanes = 128
    } else if vendor.lowercased().contains("intel") {
      lanes = 8
    } else {
      lanes = 64
    }
    return Double(computeUnits) * Double(lanes) * Double(max(1, clockMHz))
  }
}

extension Device: CustomStringConvertible {
  /// What a request would call the device, and its name.
  public var description: String { "\(label) \(name)" }

  /// What a request would call the device: `gpu:0`, `cpu` or `opencl:0:0`.
  package var label: String {
    if let indexAmongGPUs { return "gpu:\(indexAmongGPUs)" }
    return isCPU && (!isInThread || isTeam) ? "cpu" : openCLLabel
  }

  /// The request that names exactly this device, whatever its kind.
  package var openCLLabel: String { "opencl:\(platformIndex):\(deviceIndex)" }
}
