import COpenCL

/// Owns the driver's context; what belongs to the context keeps this alive.
final class ContextHandle: @unchecked Sendable {  // immutable; released once
  let pointer: cl_context

  init(_ handles: Device.Handles) throws {
    var properties = [
      cl_context_properties(CL_CONTEXT_PLATFORM), Int(bitPattern: handles.platform.pointer), 0,
    ]
    let devices: [cl_device_id?] = handles.all.map(\.pointer)
    var code: cl_int = 0
    let context = clCreateContext(
      &properties, cl_uint(clamping: devices.count), devices, nil, nil, &code)
    pointer = try created(context, code, "clCreateContext")
  }

  deinit { clReleaseContext(pointer) }
}
