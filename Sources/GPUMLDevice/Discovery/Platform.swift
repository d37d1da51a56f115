import COpenCL

/// One OpenCL driver on this machine.
package struct Platform: Sendable, Equatable {
  package let index: Int
  package let name: String
  package let vendor: String
  package let version: String
  let handle: Handle

  /// Every platform, in the ICD loader's order; empty where no driver is installed.
  package static func all() throws -> [Platform] {
    var count: cl_uint = 0
    let code = clGetPlatformIDs(0, nil, &count)
    if code == StatusCode.platformNotFound || (code == CL_SUCCESS && count == 0) { return [] }
    try check(code, "clGetPlatformIDs")
    var ids = [cl_platform_id?](repeating: nil, count: Int(count))
    try check(clGetPlatformIDs(count, &ids, nil), "clGetPlatformIDs")
    return try ids.compactMap { $0 }.enumerated().map { index, id in
      let query = Query.platform(id)
      return Platform(
        index: index, name: try query.string(CL_PLATFORM_NAME),
        vendor: try query.string(CL_PLATFORM_VENDOR),
        version: try query.string(CL_PLATFORM_VERSION), handle: Handle(pointer: id))
    }
  }

  /// The platform's devices, in its own order; empty where it has none.
  func deviceHandles() throws -> [Handle] {
    let all = cl_device_type(CL_DEVICE_TYPE_ALL)
    var count: cl_uint = 0
    let code = clGetDeviceIDs(handle.pointer, all, 0, nil, &count)
    if code == CL_DEVICE_NOT_FOUND || (code == CL_SUCCESS && count == 0) { return [] }
    try check(code, "clGetDeviceIDs", name)
    var ids = [cl_device_id?](repeating: nil, count: Int(count))
    try check(clGetDeviceIDs(handle.pointer, all, count, &ids, nil), "clGetDeviceIDs", name)
    return ids.compactMap { $0 }.map(Handle.init(pointer:))
  }

  /// PoCL, the OpenCL for CPUs.
  package static let poclName = "Portable Computing Language"
}
