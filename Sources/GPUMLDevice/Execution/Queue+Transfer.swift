import COpenCL

extension Queue {
  /// Copies values to the device and waits until the array may be reused.
  package func write<T: BitwiseCopyable>(
    _ values: [T], to buffer: Buffer, offset: Int = 0, waitingFor events: [Event] = []
  ) throws {
    try values.withUnsafeBytes { bytes in
      try buffer.checkRange(offset, bytes.count, of: "write")
      if bytes.isEmpty { return }
      let code = withHandles(of: events) { count, list in
        inTurn {
          clEnqueueWriteBuffer(
            handle, buffer.handle, cl_bool(CL_TRUE), offset, bytes.count, bytes.baseAddress, count,
            list, nil)
        }
      }
      try check(code, "clEnqueueWriteBuffer", buffer.label)
    }
  }

  /// Copies values from the device and waits for them.
  package func read<T: BitwiseCopyable>(
    _ buffer: Buffer, as type: T.Type = T.self, count: Int, offset: Int = 0,
    waitingFor events: [Event] = []
  ) throws -> [T] {
    let bytes = try byteCount(of: count, MemoryLayout<T>.stride, of: "read \(buffer.label)")
    try buffer.checkRange(offset, bytes, of: "read")
    if bytes == 0 { return [] }
    return try [T](unsafeUninitializedCapacity: count) { storage, initialized in
      let code = withHandles(of: events) { count, list in
        inTurn {
          clEnqueueReadBuffer(
            handle, buffer.handle, cl_bool(CL_TRUE), offset, bytes, storage.baseAddress, count,
            list, nil)
        }
      }
      try check(code, "clEnqueueReadBuffer", buffer.label)
      initialized = count
    }
  }

  /// Starts a copy from host memory, which stays untouched until the event completes.
  @discardableResult
  package func write(
    from host: HostBuffer, hostOffset: Int = 0, to buffer: Buffer, offset: Int = 0,
    byteCount: Int, waitingFor events: [Event] = []
  ) throws -> Event {
    try buffer.checkRange(offset, byteCount, of: "write")
    let source = try host.pointer(at: hostOffset, byteCount, of: "write")
    if byteCount == 0 { return try marker(waitingFor: events) }
    var event: cl_event?
    let code = withHandles(of: events) { count, list in
      inTurn {
        clEnqueueWriteBuffer(
          handle, buffer.handle, cl_bool(CL_FALSE), offset, byteCount, source, count, list, &event)
      }
    }
    return try pending(event, code, "clEnqueueWriteBuffer", buffer, host)
  }

  /// Starts a copy to host memory, which holds the values once the event has completed.
  @discardableResult
  package func read(
    _ buffer: Buffer, offset: Int = 0, into host: HostBuffer, hostOffset: Int = 0,
    byteCount: Int, waitingFor events: [Event] = []
  ) throws -> Event {
    try buffer.checkRange(offset, byteCount, of: "read")
    let destination = try host.pointer(at: hostOffset, byteCount, of: "read")
    if byteCount == 0 { return try marker(waitingFor: events) }
    var event: cl_event?
    let code = withHandles(of: events) { count, list in
      inTurn {
        clEnqueueReadBuffer(
          handle, buffer.handle, cl_bool(CL_FALSE), offset, byteCount, destination, count, list,
          &event)
      }
    }
    return try pending(event, code, "clEnqueueReadBuffer", buffer, host)
  }

  /// Starts one of several copies from host memory: the caller lets the memory live until a later
  /// command has completed (`HostBuffer.keep(until:holding:)`).
  package func upload(
    from host: HostBuffer, hostOffset: Int, to buffer: Buffer, byteCount: Int
  ) throws {
    try buffer.checkRange(0, byteCount, of: "write")
    let source = try host.pointer(at: hostOffset, byteCount, of: "write")
    _ = try upload(source, to: buffer, byteCount: byteCount, wantsEvent: false)
  }

  /// Starts a copy whose range has been checked.
  func upload(
    _ source: UnsafeRawPointer?, to buffer: Buffer, byteCount: Int, wantsEvent: Bool
  ) throws -> Event? {
    guard let source, byteCount > 0 else { return nil }
    var event: cl_event?
    let code = withOptionalPointer(to: &event, wantsEvent) { event in
      inTurn {
        clEnqueueWriteBuffer(
          handle, buffer.handle, cl_bool(CL_FALSE), 0, byteCount, source, 0, nil, event)
      }
    }
    try check(code, "clEnqueueWriteBuffer", buffer.label)
    return event.map { Event($0, command: "transfer of \(buffer.label)", queue: self) }
  }

  /// Starts one of several copies to host memory, which the caller lets live as for `upload`.
  package func download(
    _ buffer: Buffer, to host: HostBuffer, hostOffset: Int, byteCount: Int
  ) throws {
    try buffer.checkRange(0, byteCount, of: "read")
    let destination = try host.pointer(at: hostOffset, byteCount, of: "read")
    if byteCount == 0 { return }
    try check(
      inTurn {
        clEnqueueReadBuffer(
          handle, buffer.handle, cl_bool(CL_FALSE), 0, byteCount, destination, 0, nil, nil)
      },
      "clEnqueueReadBuffer", buffer.label)
  }

  /// Repeats a value through a part of a buffer, by default to its end.
  ///
  /// - Parameters:
  ///   - value: Its size is a power of two up to 128 bytes.
  ///   - offset: In bytes, a multiple of the value's size; so is `byteCount`.
  @discardableResult
  package func fill<T: BitwiseCopyable>(
    _ buffer: Buffer, with value: T, offset: Int = 0, byteCount: Int? = nil,
    waitingFor events: [Event] = [], wantsEvent: Bool = false
  ) throws -> Event? {
    try buffer.checkRange(offset, byteCount ?? 0, of: "fill")
    let bytes = byteCount ?? buffer.byteCount - offset
    if bytes == 0 { return wantsEvent ? try marker(waitingFor: events) : nil }
    var event: cl_event?
    let code = withUnsafeBytes(of: value) { pattern in
      withHandles(of: events) { count, list in
        withOptionalPointer(to: &event, wantsEvent) { event in
          inTurn {
            clEnqueueFillBuffer(
              handle, buffer.handle, pattern.baseAddress, pattern.count, offset, bytes, count, list,
              event)
          }
        }
      }
    }
    try check(code, "clEnqueueFillBuffer", buffer.label)
    return event.map { Event($0, command: "fill of \(buffer.label)", queue: self) }
  }

  private func pending(
    _ event: cl_event?, _ code: Int32, _ call: String, _ buffer: Buffer, _ host: HostBuffer
  ) throws -> Event {
    let event = Event(
      try created(event, code, call, buffer.label), command: "transfer of \(buffer.label)",
      queue: self)
    host.keep(until: event)
    return event
  }
}

/// Passes where an event goes, or nothing if none is wanted.
func withOptionalPointer<R>(
  to event: inout cl_event?, _ wanted: Bool, _ body: (UnsafeMutablePointer<cl_event?>?) -> R
) -> R {
  wanted ? withUnsafeMutablePointer(to: &event) { body($0) } : body(nil)
}

/// The bytes of some values.
///
/// - Throws: `DeviceError.invalidValue` for a negative count and beyond what an `Int` holds.
func byteCount(of count: Int, _ stride: Int, of operation: String) throws -> Int {
  let (bytes, overflow) = count.multipliedReportingOverflow(by: stride)
  if overflow || count < 0 {
    throw DeviceError.invalidValue(operation: operation, reason: "\(count) values")
  }
  return bytes
}

/// - Throws: `DeviceError.invalidValue` unless a range lies within some bytes.
func checkRange(
  _ offset: Int, _ byteCount: Int, within size: Int, of operation: @autoclosure () -> String
) throws {
  if offset < 0 || byteCount < 0 || offset > size || byteCount > size - offset {
    throw DeviceError.invalidValue(
      operation: operation(), reason: "\(byteCount) bytes from \(offset) of \(size)")
  }
}
