import COpenCL

/// Owns the driver's context; what belongs to the context keeps this alive.
final class ContextHandle: @unchecked Sendable {  // immutable; released once
  let pointer: cl_context

  init(_ handles: Device.Handles) throws {
    var properties = [
      cl_context_properties(CL_CONTEXT_PLATFORM), Int(bitPattern: handles.platform.pointer), 0,
    ]
    var device: cl_device_id? = handles.device.pointer
    var code: cl_int = 0
    let context = clCreateContext(&properties, 1, &device, nil, nil, &code)
    pointer = try created(context, code, "clCreateContext")
  }

  deinit { clReleaseContext(pointer) }
}
