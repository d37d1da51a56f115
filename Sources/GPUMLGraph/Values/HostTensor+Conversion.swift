extension HostTensor {
  /// A copy with another element type.
  ///
  /// Floats round to nearest even; float to integer truncates toward zero and clamps at the
  /// limits, NaN gives 0; to `bool`, every value but 0 is true.
  public func converted(to dtype: DType) -> HostTensor {
    if dtype == self.dtype { return self }
    if case .int64(let values) = storage, dtype.isInteger {
      return HostTensor(shape: shape, storage: HostTensor.store(integers: values, as: dtype))
    }
    if case .float32(let values) = storage {
      // The common narrowing conversions, without the way through Double.
      if dtype == .float16 {
        return HostTensor(shape: shape, storage: .float16(values.map { Float16($0) }))
      }
      if dtype == .bfloat16 {
        return HostTensor(shape: shape, storage: .bfloat16(values.map { BFloat16($0) }))
      }
    }
    return HostTensor(shape: shape, storage: HostTensor.store(doubles: doubles, as: dtype))
  }

  /// The elements as `Double`; exact but for `int64` beyond 2⁵³.
  package var doubles: [Double] {
    switch storage {
    case .float32(let values): values.map { Double($0) }
    case .float16(let values): values.map { Double($0) }
    case .bfloat16(let values): values.map { Double(Float($0)) }
    case .int8(let values): values.map { Double($0) }
    case .uint8(let values): values.map { Double($0) }
    case .int32(let values): values.map { Double($0) }
    case .uint32(let values): values.map { Double($0) }
    case .int64(let values): values.map { Double($0) }
    case .bool(let values): values.map { $0 ? 1 : 0 }
    }
  }

  /// Whether `doubles` are the elements themselves: all but `int64` from 2⁵³ on are.
  package var isExactInDouble: Bool {
    guard case .int64(let values) = storage else { return true }
    return values.allSatisfy { $0.magnitude < 1 << 53 }
  }

  package init(doubles: [Double], shape: [Int], dtype: DType) {
    self.init(shape: shape, storage: HostTensor.store(doubles: doubles, as: dtype))
  }

  private static func store(doubles: [Double], as dtype: DType) -> Storage {
    switch dtype {
    case .float32: .float32(doubles.map { Float($0) })
    case .float16: .float16(doubles.map { Float16($0) })
    case .bfloat16: .bfloat16(doubles.map { BFloat16(Float($0)) })
    case .int8: .int8(doubles.map { clamped($0) })
    case .uint8: .uint8(doubles.map { clamped($0) })
    case .int32: .int32(doubles.map { clamped($0) })
    case .uint32: .uint32(doubles.map { clamped($0) })
    case .int64: .int64(doubles.map { clamped($0) })
    case .bool: .bool(doubles.map { $0 != 0 })
    }
  }

  private static func store(integers: [Int64], as dtype: DType) -> Storage {
    switch dtype {
    case .int8: .int8(integers.map { Int8(clamping: $0) })
    case .uint8: .uint8(integers.map { UInt8(clamping: $0) })
    case .int32: .int32(integers.map { Int32(clamping: $0) })
    case .uint32: .uint32(integers.map { UInt32(clamping: $0) })
    default: .int64(integers)
    }
  }

  /// Truncates toward zero and clamps; NaN gives 0.
  package static func clamped<Integer: FixedWidthInteger>(_ value: Double) -> Integer {
    if value.isNaN { return 0 }
    return Integer(exactly: value.rounded(.towardZero)) ?? (value < 0 ? .min : .max)
  }
}
