import COpenCL
import FoundationEssentials

/// An open device: its queues, its memory and its compiled programs.
///
/// It may be used from many tasks at once: OpenCL allows every call from every thread except
/// `clSetKernelArg` on one kernel, which `Kernel` guards itself. Several contexts of one device
/// have a memory budget each.
public final class DeviceContext: Sendable {
  /// The device this context works on.
  public let device: Device
  /// The kernels that suit the device.
  package let kernelFamily: KernelFamily
  /// Which products may use the device's matrix units.
  public let matrixUnits: MatrixUnits
  /// Where launches go.
  package let computeQueue: Queue
  /// Where uploads and downloads go that run beside the launches.
  package let transferQueue: Queue
  package let pool: BufferPool
  package let programs: ProgramCache
  /// How launches are recorded and replayed; nil where the driver cannot, where commands are timed, and
  /// where a team shares each launch.
  package let commandBuffers: CommandBufferFunctions?
  /// Where what is worth keeping between processes lies; nil for nowhere.
  private let cacheFolder: String?
  private let handle: ContextHandle
  var pointer: cl_context { handle.pointer }
  /// Whether the device reads what lies in the host's memory from there, and is done with it when a flush
  /// returns. What is recorded in command buffers would go on reading it.
  package var readsHostMemory: Bool { device.isInThread && commandBuffers == nil }

  /// Opens a device.
  ///
  /// - Parameters:
  ///   - device: A device that `Device.all()` or `Device.select` returned.
  ///   - profiling: Whether commands are timed, which costs some time itself; by default only if
  ///     `GPUML_DEBUG` is 3 or more.
  ///   - memoryLimit: The most device memory to use, in bytes; by default nine tenths of it.
  ///   - cacheFolder: Where compiled kernels are kept; empty for nowhere. By default
  ///     `GPUML_CACHE`, or else `gpuml/kernels` in `XDG_CACHE_HOME` or `~/.cache`.
  ///   - matrixUnits: Which products may use the device's matrix units; by default what
  ///     `GPUML_MATRIX_UNITS` says, or else those that lose nothing by it.
  ///   - environment: Where `GPUML_KERNELS`, `GPUML_MATRIX_UNITS`, `GPUML_CACHE` and `GPUML_ARENA` are
  ///     looked up.
  /// - Throws: `DeviceError.invalidValue` for a setting that makes no sense, and what opening the device
  ///   throws.
  public init(
    device: Device, profiling: Bool? = nil, memoryLimit: Int? = nil, cacheFolder: String? = nil,
    matrixUnits: MatrixUnits? = nil,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws {
    guard let handles = device.handles else {
      throw DeviceError.noDevice(reason: "\(device.name) is only made up and cannot be opened")
    }
    if let memoryLimit, memoryLimit <= 0 {
      throw DeviceError.invalidValue(
        operation: "memory limit", reason: "\(memoryLimit) bytes; it is above 0")
    }
    self.device = device
    kernelFamily = try KernelFamily(for: device, environment: environment)
    self.matrixUnits = try matrixUnits ?? MatrixUnits(environment: environment)
    handle = try ContextHandle(handles)
    let profiling = profiling ?? ((environment["GPUML_DEBUG"].flatMap { Int($0) } ?? 0) >= 3)
    let team =
      handles.helpers.isEmpty ? nil : try ThreadTeam(context: handle, devices: handles.all)
    let compute = try Queue(
      context: handle.pointer, device: handles.device, profiling: profiling,
      isInThread: device.isInThread, team: team)
    let transfer = try Queue(
      context: handle.pointer, device: handles.device, profiling: profiling,
      isInThread: device.isInThread)
    commandBuffers = try profiling || team != nil ? nil : CommandBufferFunctions(device)
    computeQueue = compute
    transferQueue = transfer
    // More than the device has would be a promise that ends in an abort.
    let budget = min(memoryLimit ?? device.globalMemory / 10 * 9, device.globalMemory)
    pool = BufferPool(
      context: handle, device: device, budget: budget,
      reusesMemory: environment["GPUML_ARENA"] != "off"
    ) {
      try DeviceContext.order(compute, transfer)
    }
    self.cacheFolder =
      cacheFolder.map { $0.isEmpty ? nil : $0 }
      ?? BinaryStore.defaultFolder(environment: environment)
    programs = ProgramCache(
      context: handle, device: device, handles: handles.all,
      store: self.cacheFolder.map(BinaryStore.init(folder:)))
  }

  /// The path of a file in the default cache folder; nil where nothing is kept.
  package static func defaultCachePath(
    _ name: String, environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> String? {
    BinaryStore.defaultFolder(environment: environment).map { "\($0)/\(name)" }
  }

  /// The path of a file in the cache folder; nil where nothing is kept.
  package func cachePath(_ name: String) -> String? { cacheFolder.map { "\($0)/\(name)" } }

  /// Makes the folder of a file of the cache, readable by this user only.
  ///
  /// - Returns: Whether it is there now.
  package static func makeCacheFolder(for path: String) -> Bool {
    path.lastIndex(of: "/").map { BinaryStore.make(folder: String(path[..<$0])) } ?? true
  }

  /// Makes what either queue gets from now on wait for what both have; blocks nobody.
  private static func order(_ first: Queue, _ second: Queue) throws {
    let (firstEvent, secondEvent) = (try first.marker(), try second.marker())
    try first.barrier(waitingFor: [secondEvent])
    try second.barrier(waitingFor: [firstEvent])
    try first.flush()
    try second.flush()
  }
}
