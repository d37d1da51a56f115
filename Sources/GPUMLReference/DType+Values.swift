import GPUMLGraph

extension DType {
  /// A whole number as one of this type, wrapping around.
  func wrapped(_ value: Int64) -> Double {
    switch self {
    case .int8: Double(Int8(truncatingIfNeeded: value))
    case .uint8: Double(UInt8(truncatingIfNeeded: value))
    case .int32: Double(Int32(truncatingIfNeeded: value))
    case .uint32: Double(UInt32(truncatingIfNeeded: value))
    default: Double(value)
    }
  }

  /// A number as `Cast` brings it to this type; floating-point types keep it as it is.
  func cast(_ value: Double) -> Double {
    switch self {
    case .float32, .float16, .bfloat16: value
    case .int8: Double(HostTensor.clamped(value) as Int8)
    case .uint8: Double(HostTensor.clamped(value) as UInt8)
    case .int32: Double(HostTensor.clamped(value) as Int32)
    case .uint32: Double(HostTensor.clamped(value) as UInt32)
    case .int64: Double(HostTensor.clamped(value) as Int64)
    case .bool: value != 0 ? 1 : 0
    }
  }
}
