import COpenCL

/// Launches that the driver has recorded and starts with one call.
///
/// It may be replayed again once the replay before has ended. Until it is released, nobody sets another
/// argument of its kernels: PoCL 3.1 keeps no copy of what they were.
/// - SeeAlso: The extension `cl_khr_command_buffer`, provisional version 0.9.
package final class CommandBuffer: @unchecked Sendable {  // immutable once made; released once
  /// A launch to record.
  package typealias Launch = (kernel: Kernel, global: WorkSize, local: WorkSize?)

  let handle: gpuml_command_buffer
  let functions: CommandBufferFunctions
  /// Keeps alive what the launches use.
  private let kernels: [Kernel]

  /// Records launches, all of whose arguments are set.
  ///
  /// - Throws: `DeviceError.callFailed` if the driver cannot record one of them.
  package init(
    _ launches: [Launch], for queue: Queue, using functions: CommandBufferFunctions
  ) throws {
    var code: cl_int = 0
    var target: cl_command_queue? = queue.handle
    let buffer = functions.create(1, &target, nil, &code)
    try check(code, "clCreateCommandBufferKHR")
    guard let buffer else {
      throw DeviceError.callFailed(
        call: "clCreateCommandBufferKHR", code: CL_OUT_OF_HOST_MEMORY, subject: "")
    }
    handle = buffer
    self.functions = functions
    kernels = launches.map(\.kernel)
    for launch in launches where !launch.global.isEmpty {
      let code = launch.global.withPointer { global in
        guard let local = launch.local else {
          return launch.kernel.record(
            in: buffer, functions, launch.global.dimensions, global, nil)
        }
        return local.withPointer {
          launch.kernel.record(in: buffer, functions, launch.global.dimensions, global, $0)
        }
      }
      try check(code, "clCommandNDRangeKernelKHR", "kernel \(launch.kernel.name)")
    }
    try check(functions.finalize(buffer), "clFinalizeCommandBufferKHR")
  }

  deinit { _ = functions.release(handle) }
}

extension Queue {
  /// Starts the recorded launches, which come after all that was enqueued before.
  package func replay(_ buffer: CommandBuffer) throws {
    try check(
      inTurn { buffer.functions.enqueue(0, nil, buffer.handle, 0, nil, nil) },
      "clEnqueueCommandBufferKHR")
  }
}

/// The extension's calls, which no library exports.
package struct CommandBufferFunctions: @unchecked Sendable {  // addresses of the driver's code
  let create: gpuml_create_command_buffer
  let command: gpuml_command_kernel
  let finalize: gpuml_finalize_command_buffer
  let release: gpuml_release_command_buffer
  let enqueue: gpuml_enqueue_command_buffer

  private static let name = "cl_khr_command_buffer"

  /// The calls of a device's driver; nil if it lacks the extension, or has a version of it that may
  /// differ.
  init?(_ device: Device) throws {
    guard let handles = device.handles, device.extensions.contains(CommandBufferFunctions.name),
      CommandBufferFunctions.isKnown(
        version: try CommandBufferFunctions.version(handles.device.pointer))
    else { return nil }
    func find<Function>(_ name: String, _ type: Function.Type) -> Function? {
      clGetExtensionFunctionAddressForPlatform(handles.platform.pointer, name).map {
        unsafeBitCast($0, to: type)
      }
    }
    guard
      let create = find("clCreateCommandBufferKHR", gpuml_create_command_buffer.self),
      let command = find("clCommandNDRangeKernelKHR", gpuml_command_kernel.self),
      let finalize = find("clFinalizeCommandBufferKHR", gpuml_finalize_command_buffer.self),
      let release = find("clReleaseCommandBufferKHR", gpuml_release_command_buffer.self),
      let enqueue = find("clEnqueueCommandBufferKHR", gpuml_enqueue_command_buffer.self)
    else { return nil }
    self.create = create
    self.command = command
    self.finalize = finalize
    self.release = release
    self.enqueue = enqueue
  }

  /// Whether the calls are declared as here: in the provisional versions 0.9.
  ///
  /// - Parameter version: 10 bits of the major number, 10 of the minor, 12 of the patch.
  static func isKnown(version: UInt32?) -> Bool { version.map { $0 >> 12 == 9 } ?? false }

  /// Nil where the driver does not know of versions.
  private static func version(_ device: OpaquePointer) throws -> UInt32? {
    do {
      return try Query.device(device).list(
        Int32(gpuml_device_extensions_with_version), zero: gpuml_name_version()
      ).first { entry in
        withUnsafeBytes(of: entry.name) { $0.prefix { $0 != 0 }.elementsEqual(name.utf8) }
      }?.version
    } catch DeviceError.callFailed(_, CL_INVALID_VALUE, _) {
      return nil
    }
  }
}
