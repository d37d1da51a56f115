import COpenCL

/// A compiled program: the kernels of one source with one set of options.
package final class Program: @unchecked Sendable {  // immutable once built
  /// The source's name, for messages.
  package let label: String
  let handle: cl_program
  private let devices: [Handle]

  /// Compiles a source.
  ///
  /// - Throws: `DeviceError.buildFailed` with the compiler's log.
  init(
    source: String, options: String, label: String, context: cl_context, devices: [Handle]
  ) throws {
    var code: cl_int = 0
    let program = source.withCString { text in
      var text: UnsafePointer<CChar>? = text
      return clCreateProgramWithSource(context, 1, &text, nil, &code)
    }
    handle = try created(program, code, "clCreateProgramWithSource", label)
    self.label = label
    self.devices = devices
    try build(options, source: source)
  }

  /// Takes a program that was compiled before.
  ///
  /// - Throws: `DeviceError` if the driver does not know the binary any more.
  init(
    binary: [UInt8], options: String, label: String, context: cl_context, devices: [Handle]
  ) throws {
    var code: cl_int = 0
    var status: cl_int = 0
    let program = binary.withUnsafeBufferPointer { bytes in
      var device: cl_device_id? = devices.first?.pointer
      var length = bytes.count
      var start = bytes.baseAddress
      return clCreateProgramWithBinary(context, 1, &device, &length, &start, &status, &code)
    }
    if let program, status != CL_SUCCESS {
      clReleaseProgram(program)
      throw DeviceError.callFailed(
        call: "clCreateProgramWithBinary", code: status, subject: label)
    }
    handle = try created(program, code, "clCreateProgramWithBinary", label)
    self.label = label
    self.devices = devices
    try build(options, source: "")
  }

  deinit { clReleaseProgram(handle) }

  /// A new kernel object, its arguments not yet set.
  package func kernel(_ name: String) throws -> Kernel { try Kernel(name, of: self) }

  /// What the driver keeps of the program, to load it again.
  ///
  /// PoCL compiles every kernel for any work-group size here, about half a second each.
  func binary() throws -> [UInt8] {
    var size = 0
    try check(
      clGetProgramInfo(
        handle, cl_program_info(CL_PROGRAM_BINARY_SIZES), MemoryLayout<Int>.size, &size, nil),
      "clGetProgramInfo", label)
    return try [UInt8](unsafeUninitializedCapacity: max(0, size)) { storage, count in
      var start = storage.baseAddress
      try check(
        clGetProgramInfo(
          handle, cl_program_info(CL_PROGRAM_BINARIES), MemoryLayout<UnsafePointer<UInt8>?>.size,
          &start, nil), "clGetProgramInfo", label)
      count = max(0, size)
    }
  }

  private func build(_ options: String, source: String) throws {
    let devices: [cl_device_id?] = devices.map(\.pointer)
    let code = clBuildProgram(
      handle, cl_uint(clamping: devices.count), devices, options, nil, nil)
    if code == CL_SUCCESS { return }
    if code == CL_BUILD_PROGRAM_FAILURE || code == CL_INVALID_BUILD_OPTIONS {
      let log = (try? buildLog()) ?? ""
      throw DeviceError.buildFailed(
        label: label, kernel: DeviceError.failedPart(of: source, log: log),
        log: log.isEmpty ? StatusCode.describe(code) : log)
    }
    throw DeviceError.callFailed(call: "clBuildProgram", code: code, subject: label)
  }

  private func buildLog() throws -> String {
    let query = Query(call: "clGetProgramBuildInfo") {
      clGetProgramBuildInfo(self.handle, self.devices.first?.pointer, $0, $1, $2, $3)
    }
    let bytes = try query.list(CL_PROGRAM_BUILD_LOG, zero: UInt8(0))
    return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }
}
