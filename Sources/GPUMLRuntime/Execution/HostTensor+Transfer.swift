import GPUMLDevice
import GPUMLGraph

extension Queue {
  /// Sets a buffer to zero.
  ///
  /// - Parameter byWriting: By a copy from the host: Oclgrind takes what a fill wrote for
  ///   uninitialised.
  func zero(_ buffer: Buffer, byWriting: Bool) throws {
    if byWriting {
      try write([UInt8](repeating: 0, count: buffer.byteCount), to: buffer)
    } else {
      try fill(buffer, with: UInt8(0))
    }
  }

  /// Starts a copy of a tensor to the device; what is enqueued later sees it.
  @discardableResult
  func write(_ value: HostTensor, to buffer: Buffer, offset: Int = 0) throws -> Event {
    let bytes = value.count * value.dtype.byteCount
    let host = try HostBuffer(byteCount: max(1, bytes))
    try host.copyIn(value)
    let event = try write(from: host, to: buffer, offset: offset, byteCount: bytes)
    try flush()
    return event
  }
}

extension HostTensor {
  /// The elements, for the device to read where they are.
  var held: HeldArray {
    switch storage {
    case .float32(let values): HeldArray(values)
    case .float16(let values): HeldArray(values)
    case .bfloat16(let values): HeldArray(values)
    case .int8(let values): HeldArray(values)
    case .uint8(let values): HeldArray(values)
    case .int32(let values): HeldArray(values)
    case .uint32(let values): HeldArray(values)
    case .int64(let values): HeldArray(values)
    case .bool(let values): HeldArray(values)
    }
  }
}

extension HostBuffer {
  /// Copies a tensor in.
  func copyIn(_ value: HostTensor, at offset: Int = 0) throws {
    switch value.storage {
    case .float32(let values): try copyIn(values, at: offset)
    case .float16(let values): try copyIn(values, at: offset)
    case .bfloat16(let values): try copyIn(values, at: offset)
    case .int8(let values): try copyIn(values, at: offset)
    case .uint8(let values): try copyIn(values, at: offset)
    case .int32(let values): try copyIn(values, at: offset)
    case .uint32(let values): try copyIn(values, at: offset)
    case .int64(let values): try copyIn(values, at: offset)
    case .bool(let values): try copyIn(values, at: offset)
    }
  }

  /// Copies a tensor out.
  func tensor(shape: [Int], dtype: DType, at offset: Int = 0) throws -> HostTensor {
    let count = shape.reduce(1, *)
    switch dtype {
    case .float32: return try tensor(Float.self, shape, count, offset)
    case .float16: return try tensor(Float16.self, shape, count, offset)
    case .bfloat16: return try tensor(BFloat16.self, shape, count, offset)
    case .int8: return try tensor(Int8.self, shape, count, offset)
    case .uint8: return try tensor(UInt8.self, shape, count, offset)
    case .int32: return try tensor(Int32.self, shape, count, offset)
    case .uint32: return try tensor(UInt32.self, shape, count, offset)
    case .int64: return try tensor(Int64.self, shape, count, offset)
    case .bool:
      // Any byte but 0 is true; a Swift Bool must be exactly 0 or 1.
      let bytes = try array(of: UInt8.self, count: count, at: offset)
      return try HostTensor(bytes.map { $0 != 0 }, shape: shape)
    }
  }

  private func tensor<Scalar: TensorScalar>(
    _ type: Scalar.Type, _ shape: [Int], _ count: Int, _ offset: Int
  ) throws -> HostTensor {
    try HostTensor(array(of: type, count: count, at: offset), shape: shape)
  }
}
