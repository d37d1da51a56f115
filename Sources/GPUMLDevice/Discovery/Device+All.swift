import COpenCL
import Synchronization

extension Device {
  /// Every OpenCL device of this machine, in the order of the platforms.
  ///
  /// - Throws: `DeviceError.noDevice` where there is none, with what to install.
  public static func all() throws -> [Device] {
    try discovery.withLock { _ in try discover() }
  }

  /// One discovery at a time: while PoCL sets itself up, a second caller sees no device.
  private static let discovery = Mutex<Void>(())

  private static func discover() throws -> [Device] {
    let platforms = try Platform.all()
    guard !platforms.isEmpty else {
      throw DeviceError.noDevice(
        reason: "no OpenCL driver found: install a GPU's driver, or for the CPU "
          + "'apt install pocl-opencl-icd ocl-icd-libopencl1'")
    }
    let devices = try platforms.flatMap { platform in
      try platform.deviceHandles().enumerated().map { index, handle in
        try Device(handle, at: index, of: platform)
      }
    }
    guard !devices.isEmpty else {
      let names = platforms.map(\.name).joined(separator: ", ")
      throw DeviceError.noDevice(
        reason: "no OpenCL device: the installed drivers (\(names)) offer none; for the CPU "
          + "'apt install pocl-opencl-icd ocl-icd-libopencl1' and check POCL_DEVICES")
    }
    return numberingGPUs(formingTeams(devices))
  }

  /// The devices with in-thread ones of the same name joined to one: their first, for which the others
  /// lend a thread each.
  package static func formingTeams(_ devices: [Device]) -> [Device] {
    devices.enumerated().compactMap { place, device in
      guard device.isInThread else { return device }
      func isAlike(_ other: Device) -> Bool {
        other.isInThread && other.platformIndex == device.platformIndex && other.name == device.name
      }
      if devices[..<place].contains(where: isAlike) { return nil }
      return device.joined(by: devices[(place + 1)...].filter(isAlike))
    }
  }

  /// The devices with the GPUs among them counted from 0.
  package static func numberingGPUs(_ devices: [Device]) -> [Device] {
    var count = 0
    return devices.map { device in
      var device = device
      device.indexAmongGPUs = device.isGPU ? count : nil
      if device.isGPU { count += 1 }
      return device
    }
  }

  private init(_ handle: Handle, at index: Int, of platform: Platform) throws {
    let query = Query.device(handle.pointer)
    func count(_ parameter: Int32) throws -> Int {
      Int(try query.value(parameter, initial: cl_uint(0)))
    }
    func bytes(_ parameter: Int32) throws -> Int {
      Int(clamping: try query.value(parameter, initial: cl_ulong(0)))
    }
    self.init(
      name: try query.string(CL_DEVICE_NAME), vendor: try query.string(CL_DEVICE_VENDOR),
      platformName: platform.name, driverVersion: try query.string(CL_DRIVER_VERSION),
      openCLCVersion: try query.string(CL_DEVICE_OPENCL_C_VERSION),
      kind: Kind(rawValue: try query.value(CL_DEVICE_TYPE, initial: cl_device_type(0))),
      computeUnits: try count(CL_DEVICE_MAX_COMPUTE_UNITS),
      clockMHz: try count(CL_DEVICE_MAX_CLOCK_FREQUENCY),
      globalMemory: try bytes(CL_DEVICE_GLOBAL_MEM_SIZE),
      maxAllocation: try bytes(CL_DEVICE_MAX_MEM_ALLOC_SIZE),
      localMemory: try bytes(CL_DEVICE_LOCAL_MEM_SIZE),
      hasDedicatedLocalMemory: try count(CL_DEVICE_LOCAL_MEM_TYPE) == Int(CL_LOCAL),
      nativeVectorWidthFloat: try count(CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT),
      keepsDenormals: try query.value(CL_DEVICE_SINGLE_FP_CONFIG, initial: cl_device_fp_config(0))
        & cl_device_fp_config(CL_FP_DENORM) != 0,
      maxWorkGroupSize: try query.value(CL_DEVICE_MAX_WORK_GROUP_SIZE, initial: Int(1)),
      maxWorkItemSizes: try query.list(CL_DEVICE_MAX_WORK_ITEM_SIZES, zero: Int(0)),
      memoryBaseAlignment: max(1, try count(CL_DEVICE_MEM_BASE_ADDR_ALIGN) / 8),
      extensions: Set(
        try query.string(CL_DEVICE_EXTENSIONS).split(separator: " ").map(String.init)),
      platformIndex: platform.index, deviceIndex: index,
      handles: Handles(platform: platform.handle, device: handle))
  }
}
