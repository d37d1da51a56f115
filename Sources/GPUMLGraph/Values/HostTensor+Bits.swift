extension HostTensor {
  /// The bits of one element.
  package func bits(at place: Int) -> UInt64 {
    switch storage {
    case .float32(let values): UInt64(values[place].bitPattern)
    case .float16(let values): UInt64(values[place].bitPattern)
    case .bfloat16(let values): UInt64(values[place].bitPattern)
    case .int8(let values): UInt64(UInt8(bitPattern: values[place]))
    case .uint8(let values): UInt64(values[place])
    case .int32(let values): UInt64(UInt32(bitPattern: values[place]))
    case .uint32(let values): UInt64(values[place])
    case .int64(let values): UInt64(bitPattern: values[place])
    case .bool(let values): values[place] ? 1 : 0
    }
  }

  /// Whether the elements are of one type and have the same bits: −0 differs from 0, and a NaN equals
  /// itself.
  package func hasSameBits(as other: HostTensor) -> Bool {
    switch (storage, other.storage) {
    case (.float32(let left), .float32(let right)):
      left.elementsEqual(right) { $0.bitPattern == $1.bitPattern }
    case (.float16(let left), .float16(let right)):
      left.elementsEqual(right) { $0.bitPattern == $1.bitPattern }
    case (.bfloat16(let left), .bfloat16(let right)):
      left.elementsEqual(right) { $0.bitPattern == $1.bitPattern }
    default: storage == other.storage
    }
  }
}
