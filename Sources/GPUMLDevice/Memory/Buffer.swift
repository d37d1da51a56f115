import COpenCL

/// Memory on the device.
///
/// When the last reference goes, the memory returns to the pool it came from. Commands that were
/// enqueued before still see it: whoever gets it next is made to wait for them. Memory that the host lends
/// is the exception: it goes back at once, so its buffer must outlive the commands that read it.
package final class Buffer: @unchecked Sendable {  // immutable; the driver orders the contents
  let handle: cl_mem
  /// The name of the tensor or slab, for error messages.
  package let label: String
  /// The bytes that were asked for.
  package let byteCount: Int
  private let owner: Owner

  private enum Owner {
    case pool(BufferPool, capacity: Int)
    case parent(Buffer, ownsHandle: Bool)
    case host(HeldArray)
  }

  convenience init(
    _ memory: Handle, label: String, byteCount: Int, capacity: Int, pool: BufferPool
  ) {
    self.init(
      memory.pointer, label: label, byteCount: byteCount, owner: .pool(pool, capacity: capacity))
  }

  private init(_ handle: cl_mem, label: String, byteCount: Int, owner: Owner) {
    self.handle = handle
    self.label = label
    self.byteCount = byteCount
    self.owner = owner
  }

  deinit {
    switch owner {
    case .pool(let pool, let capacity): pool.takeBack(Handle(pointer: handle), capacity: capacity)
    case .parent(_, let ownsHandle): if ownsHandle { clReleaseMemObject(handle) }
    case .host: clReleaseMemObject(handle)
    }
  }

  /// An array's elements where they are, which the device must only read; the array stays as it is for as
  /// long as the buffer lives, which the caller lets outlive every command that reads it.
  ///
  /// Elements are aligned to 16 bytes, and kernels may not count on more.
  ///
  /// - Throws: `DeviceError.invalidValue` if the array is empty.
  package convenience init(lending array: HeldArray, to context: DeviceContext, label: String)
    throws
  {
    guard let address = array.address, array.byteCount > 0 else {
      throw DeviceError.invalidValue(operation: label, reason: "nothing to lend")
    }
    var code: cl_int = 0
    let memory = clCreateBuffer(
      context.pointer, cl_mem_flags(CL_MEM_READ_ONLY | CL_MEM_USE_HOST_PTR), array.byteCount,
      UnsafeMutableRawPointer(mutating: address), &code)
    self.init(
      try created(memory, code, "clCreateBuffer", label), label: label,
      byteCount: array.byteCount, owner: .host(array))
  }

  /// The part of the buffer from an offset in bytes; it keeps this buffer alive.
  ///
  /// - Throws: `DeviceError.invalidValue` if the part does not lie inside, if the offset is not a
  ///   multiple of `Device.memoryBaseAlignment`, or if this buffer is itself a part.
  package func subBuffer(offset: Int, byteCount: Int, label: String? = nil) throws -> Buffer {
    let label = label ?? self.label
    try checkRange(offset, byteCount, of: "sub-buffer")
    guard case .pool(let pool, _) = owner else {
      throw DeviceError.invalidValue(
        operation: label, reason: "only a whole buffer of the pool has parts")
    }
    if offset % pool.alignment != 0 {
      throw DeviceError.invalidValue(
        operation: label,
        reason: "offset \(offset) is no multiple of the device's alignment, \(pool.alignment)")
    }
    if byteCount == 0 {
      return Buffer(
        handle, label: label, byteCount: 0, owner: .parent(self, ownsHandle: false))
    }
    var region = cl_buffer_region(origin: offset, size: byteCount)
    var code: cl_int = 0
    let part = clCreateSubBuffer(
      handle, 0, cl_buffer_create_type(CL_BUFFER_CREATE_TYPE_REGION), &region, &code)
    return Buffer(
      try created(part, code, "clCreateSubBuffer", label), label: label, byteCount: byteCount,
      owner: .parent(self, ownsHandle: true))
  }

  func checkRange(_ offset: Int, _ byteCount: Int, of operation: String) throws {
    try GPUMLDevice.checkRange(
      offset, byteCount, within: self.byteCount, of: "\(operation) of \(label)")
  }
}
