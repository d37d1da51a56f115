import GPUMLGraph

/// The element types a safetensors file may hold, by their names in the file.
public enum SafetensorsDType: String, Sendable, Hashable, CaseIterable {
  /// One byte, 0 or 1.
  case bool = "BOOL"
  /// Whole numbers without a sign.
  case u8 = "U8"
  /// Whole numbers without a sign.
  case u16 = "U16"
  /// Whole numbers without a sign.
  case u32 = "U32"
  /// Whole numbers without a sign.
  case u64 = "U64"
  /// Whole numbers.
  case i8 = "I8"
  /// Whole numbers.
  case i16 = "I16"
  /// Whole numbers.
  case i32 = "I32"
  /// Whole numbers.
  case i64 = "I64"
  /// IEEE 754 floats.
  case f16 = "F16"
  /// The high half of an `F32`.
  case bf16 = "BF16"
  /// IEEE 754 floats.
  case f32 = "F32"
  /// IEEE 754 floats.
  case f64 = "F64"
  /// Two `F32`: real and imaginary part.
  case c64 = "C64"
  /// Floats of 8 bits with 5 exponent bits.
  case f8e5m2 = "F8_E5M2"
  /// Floats of 8 bits with 4 exponent bits.
  case f8e4m3 = "F8_E4M3"
  /// Powers of two.
  case f8e8m0 = "F8_E8M0"
  /// Floats of 8 bits without infinities and negative zero.
  case f8e4m3fnuz = "F8_E4M3FNUZ"
  /// Floats of 8 bits without infinities and negative zero.
  case f8e5m2fnuz = "F8_E5M2FNUZ"
  /// Floats of 6 bits with 2 exponent bits, packed.
  case f6e2m3 = "F6_E2M3"
  /// Floats of 6 bits with 3 exponent bits, packed.
  case f6e3m2 = "F6_E3M2"
  /// Floats of 4 bits, two a byte.
  case f4 = "F4"

  /// The type that holds a tensor's elements in a file.
  public init(_ dtype: DType) {
    self =
      switch dtype {
      case .float32: .f32
      case .float16: .f16
      case .bfloat16: .bf16
      case .int8: .i8
      case .uint8: .u8
      case .int32: .i32
      case .uint32: .u32
      case .int64: .i64
      case .bool: .bool
      }
  }

  /// The bits one element takes.
  public var bitCount: Int {
    switch self {
    case .f4: 4
    case .f6e2m3, .f6e3m2: 6
    case .bool, .u8, .i8, .f8e5m2, .f8e4m3, .f8e8m0, .f8e4m3fnuz, .f8e5m2fnuz: 8
    case .u16, .i16, .f16, .bf16: 16
    case .u32, .i32, .f32: 32
    case .u64, .i64, .f64, .c64: 64
    }
  }
}
